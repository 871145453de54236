import scriptling.runtime.sync as sync

value = {"items": [1]}
s = sync.Shared("s", value)
value["items"].append("outside")
got = s.get()
got["items"].append("read copy")
print(s.get(), got)  # expect: {'items': [1]} {'items': [1, 'read copy']}
s.set(value)
value.clear()
print(s.get())  # expect: {'items': [1, 'outside']}
