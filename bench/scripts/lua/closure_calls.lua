local function make_counter(step)
  local total = 0
  return function(times)
    total = total + step * (times == nil and 1 or times)
    return total
  end
end

local function compose(f, g)
  return function(x) return f(g(x)) end
end

local function apply(f, x, options)
  return f(x) + (options.offset or 0)
end

local function run(n)
  local up, down = make_counter(2), make_counter(-1)
  local chain = compose(function(x) return x + 1 end, compose(function(x) return x * 3 end, function(x) return x - 2 end))
  local abs = math.abs
  local total = 0
  for i = 0, n - 1 do
    up()
    down(2)
    total = total + (chain(i) & 255)
    total = total + (apply(abs, -i, { offset = 1 }) & 3)
  end
  return string.format("(%d, %d, %d)", total, up(0), down(0))
end

print(run(1300000))
