def gcd_extended(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = gcd_extended(b, a % b)
    return g, y, x - a // b * y

p, q = 1000003, 998244353
n, phi, e = p * q, (p - 1) * (q - 1), 65537
g, d, _ = gcd_extended(e, phi)
d %= phi
message = int.from_bytes(b"hello!", "big")
cipher = pow(message, e, n)
print(g, e * d % phi, cipher, pow(cipher, d, n).to_bytes(6, "big"))
