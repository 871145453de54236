local Counter = {}
Counter.__index = Counter

function Counter.init(self) self.value = 0 end
function Counter:add(n)
  self.value = self.value + n
  return self
end
function Counter:get() return self.value end

local Step = setmetatable({}, { __index = Counter })
Step.__index = Step
function Step.init(self, size)
  Counter.init(self)
  self.size = size
end
function Step:step() return self:add(self.size) end
-- A property is a method here.
function Step:half() return self.value // 2 end

local Limited = setmetatable({}, { __index = Step })
Limited.__index = Limited
function Limited:add(n)
  if self.value > 1000000 then self.value = 0 end
  return Step.add(self, n)
end

local function new(class, ...)
  local object = setmetatable({}, class)
  object:init(...)
  return object
end

local function run(n)
  local a, b, c = new(Counter), new(Step, 3), new(Limited, 5)
  local total = 0
  for i = 0, n - 1 do
    a:add(i)
    b:step()
    c:step()
    total = total + b:half() + c:get()
  end
  return string.format("(%d, %d, %d, %d)", total, a:get(), b:get(), c:get())
end

print(run(1300000))
