local Tree = {}
Tree.__index = Tree

function Tree.new(left, right)
  return setmetatable({ left = left, right = right }, Tree)
end

function Tree:count()
  if self.left == nil then return 1 end
  return 1 + self.left:count() + self.right:count()
end

local function build(depth)
  if depth == 0 then return Tree.new(nil, nil) end
  return Tree.new(build(depth - 1), build(depth - 1))
end

local function run(max_depth)
  local keep = build(max_depth)
  local results = {}
  for depth = 4, max_depth, 4 do
    local times = 1 << (max_depth - depth + 3)
    local total = 0
    for _ = 1, times do total = total + build(depth):count() end
    results[#results + 1] = total
  end
  return "([" .. table.concat(results, ", ") .. "], " .. keep:count() .. ")"
end

print(run(15))
