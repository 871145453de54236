local Body = {}
Body.__index = Body

local function body(x, y, z, vx, vy, vz, mass)
  return setmetatable({ x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass }, Body)
end

local PI = 3.141592653589793
local SOLAR = 4 * PI * PI
local YEAR = 365.24

local function system()
  return {
    body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SOLAR),
    body(4.8414314424647209, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * YEAR, 0.00769901118419740425 * YEAR, -0.0000690460016972063023 * YEAR, 0.000954791938424326609 * SOLAR),
    body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411831 * YEAR, 0.00499852801234917238 * YEAR, 0.0000230417297573763929 * YEAR, 0.000285885980666130812 * SOLAR),
    body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618 * YEAR, 0.00237847173959480950 * YEAR, -0.0000296589568540237556 * YEAR, 0.0000436624404335156298 * SOLAR),
    body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * YEAR, 0.00162824170038242295 * YEAR, -0.0000951592254519715870 * YEAR, 0.0000515138902046611451 * SOLAR),
  }
end

local function advance(bodies, dt, steps)
  local count = #bodies
  for _ = 1, steps do
    for i = 1, count do
      local a = bodies[i]
      for j = i + 1, count do
        local b = bodies[j]
        local dx = a.x - b.x
        local dy = a.y - b.y
        local dz = a.z - b.z
        local d2 = dx * dx + dy * dy + dz * dz
        local mag = dt / (d2 * d2 ^ 0.5)
        a.vx = a.vx - dx * b.mass * mag
        a.vy = a.vy - dy * b.mass * mag
        a.vz = a.vz - dz * b.mass * mag
        b.vx = b.vx + dx * a.mass * mag
        b.vy = b.vy + dy * a.mass * mag
        b.vz = b.vz + dz * a.mass * mag
      end
    end
    for i = 1, count do
      local a = bodies[i]
      a.x = a.x + dt * a.vx
      a.y = a.y + dt * a.vy
      a.z = a.z + dt * a.vz
    end
  end
end

local function energy(bodies)
  local e = 0.0
  for i = 1, #bodies do
    local a = bodies[i]
    e = e + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      e = e - a.mass * b.mass / (dx * dx + dy * dy + dz * dz) ^ 0.5
    end
  end
  return e
end

local bodies = system()
advance(bodies, 0.01, 140000)
print(string.format("%.9f", energy(bodies)))
