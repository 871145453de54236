a = 123456789012345678901234567890
b = 987654321098765432109876543210
print(a + b, a - b, a * b)
print(b // a, b % a, -b // a, -b % a, b // -a, b % -a)
print(divmod(b * b, a))
print(a ** 5)
print(a & b, a | b, a ^ b, ~a)
print(-a & b, -a | b, -a ^ b)
print(a < b, a == a + 0, -b < -a, a > 1e10)
print(a / b, b / a, float(a))
