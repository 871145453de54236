s = {1}
s.add(2)
s.add(2)
s.discard(99)
s.update([3, 4], (5,))
s.remove(1)
print(sorted(s))
s |= {10}
s &= {2, 3, 10}
s -= {3}
s ^= {2, 7}
print(sorted(s), s.clear(), s, {5}.pop())
t = {1, 2, 3, 4}
t.intersection_update([1, 2, 9])
t.difference_update([1])
t.symmetric_difference_update([2, 8])
print(t, sorted({1}.union([2], "a"), key=str), {1, 2}.intersection([2], {2, 3}), {1, 2}.difference([1]), sorted({1, 2}.symmetric_difference([2, 3])))
