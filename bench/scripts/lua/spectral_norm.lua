local function cell(i, j)
  return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)
end

local function times(v)
  local n, out = #v, {}
  for i = 0, n - 1 do
    local total = 0.0
    for j = 0, n - 1 do total = total + cell(i, j) * v[j + 1] end
    out[#out + 1] = total
  end
  return out
end

local function times_transposed(v)
  local n, out = #v, {}
  for i = 0, n - 1 do
    local total = 0.0
    for j = 0, n - 1 do total = total + cell(j, i) * v[j + 1] end
    out[#out + 1] = total
  end
  return out
end

local u, v = {}, nil
for i = 1, 300 do u[i] = 1.0 end
for _ = 1, 12 do
  v = times_transposed(times(u))
  u = times_transposed(times(v))
end
local uv, vv = 0.0, 0.0
for i = 1, #u do
  uv = uv + u[i] * v[i]
  vv = vv + v[i] * v[i]
end
print(string.format("%.9f", (uv / vv) ^ 0.5))
