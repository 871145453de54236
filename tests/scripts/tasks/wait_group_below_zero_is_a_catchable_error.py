import scriptling.runtime.sync as sync

group = sync.WaitGroup("g")
try:
    group.done()
except Exception as e:
    print("negative" in str(e).lower())  # expect: True
group.add(1)
group.done()
group.wait()
print("still usable")  # expect: still usable
