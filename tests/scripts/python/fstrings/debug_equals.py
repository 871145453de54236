x = 10
name = "it's"
print(f"{x=}", f"{x = }", f"{name=}", f"{name=!s}", f"{x=:>6}", f"{x + 1=}", f"{ x * 2 = :04d}")
