# Float arithmetic in local variables.
def mandelbrot(size, limit):
    checksum = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for col in range(size):
            cr = 3.0 * col / size - 2.0
            zr = zi = 0.0
            n = 0
            while n < limit:
                r2 = zr * zr
                i2 = zi * zi
                if r2 + i2 > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = r2 - i2 + cr
                n += 1
            checksum = (checksum * 31 + n) % 1000003
    return checksum


print(mandelbrot(450, 120))
