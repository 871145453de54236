"""Words that are keywords only in some places."""
type = 1
match = case = _ = type
match.x = match[0] = match(1)
match (x, y)
match * x
match -x
match, case = 1, 2
match: int = 1
case: int
print(match, case, type, _)
type(x)
type[x]

type Alias = int
type Generic[T, *Ts, **P] = dict[T, P] | tuple[*Ts]
type Bounded[T: int, S: (int, str)] = T
if x: type Short = int
