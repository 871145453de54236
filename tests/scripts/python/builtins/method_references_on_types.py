print(str.upper("x"), list(map(str.strip, [" a ", "b "])), sorted(["b", "A"], key=str.lower), dict.get({"k": 1}, "k"), list.append([], 1), "".join(map(str.title, ["ab", "cd"])), int.bit_length(8))
print(str.join(",", ["a", "b"]), int.from_bytes(b"\x01\x00", "little"), dict.fromkeys("ab", 1), float.is_integer(2.0), bytes.fromhex("41"))
for bad in (lambda: str.upper(5), lambda: list.append(), lambda: dict.get([], 1)):
    try:
        bad()
    except TypeError as e:
        print(e)
