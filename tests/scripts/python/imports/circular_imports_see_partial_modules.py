import cycle_a
import cycle_b

print(cycle_a.both(), cycle_b.both(), cycle_a.cycle_b is cycle_b)
