local function mandelbrot(size, limit)
  local checksum = 0
  for row = 0, size - 1 do
    local ci = 2.0 * row / size - 1.0
    for col = 0, size - 1 do
      local cr = 3.0 * col / size - 2.0
      local zr, zi, n = 0.0, 0.0, 0
      while n < limit do
        local r2 = zr * zr
        local i2 = zi * zi
        if r2 + i2 > 4.0 then break end
        zi = 2.0 * zr * zi + ci
        zr = r2 - i2 + cr
        n = n + 1
      end
      checksum = (checksum * 31 + n) % 1000003
    end
  end
  return checksum
end

print(mandelbrot(450, 120))
