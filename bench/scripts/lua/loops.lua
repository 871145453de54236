local function while_loops(n)
  local total, i = 0, 0
  while i < n do
    local j = 0
    while j < n do
      total = (total + i * j) % 1000003
      j = j + 1
    end
    i = i + 1
  end
  return total
end

local function for_loops(n)
  local total = 0
  for i = 0, n - 1 do
    for j = 0, n - 1 do
      if (i ~ j) & 1 ~= 0 then
        total = total + i - j
      else
        total = total - (j >> 1)
      end
    end
  end
  return total
end

print(while_loops(2000) .. " " .. for_loops(2000))
