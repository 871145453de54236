"""Ask several workers the same question and use the first answer."""
import scriptling.runtime as runtime
import scriptling.runtime.sync as sync


def ask(name, may_answer):
    may_answer.get()  # stands for a slow request
    sync.Queue("answers").put(name)


gates = {name: sync.Queue("gate " + name) for name in ("slow", "fast", "broken")}
for name, gate in gates.items():
    runtime.background(name, ask, name, gate)
gates["fast"].put("answer now")
print("winner:", sync.Queue("answers").get())  # expect: winner: fast
gates["slow"].put("answer now")
print("second:", sync.Queue("answers").get())  # expect: second: slow
