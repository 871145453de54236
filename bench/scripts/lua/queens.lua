local Board = {}
Board.__index = Board

local function flags(n)
  local list = {}
  for i = 0, n - 1 do list[i] = true end
  return list
end

function Board.new(n)
  return setmetatable({ n = n, free_column = flags(n), free_up = flags(2 * n), free_down = flags(2 * n), found = 0 }, Board)
end

function Board:mark(row, c, value)
  self.free_column[c] = value
  self.free_up[row + c] = value
  self.free_down[row - c + self.n] = value
end

function Board:place(row)
  if row == self.n then
    self.found = self.found + 1
    return
  end
  for c = 0, self.n - 1 do
    if self.free_column[c] and self.free_up[row + c] and self.free_down[row - c + self.n] then
      self:mark(row, c, false)
      self:place(row + 1)
      self:mark(row, c, true)
    end
  end
end

local total = 0
for n = 4, 12 do
  local board = Board.new(n)
  board:place(0)
  total = total * 31 + board.found
end
print(total)
