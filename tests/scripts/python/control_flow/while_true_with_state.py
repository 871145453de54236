state, steps, text = "start", [], iter("aab!cc?")
while True:
    ch = next(text, None)
    if ch is None:
        break
    if state == "start" and ch == "b":
        state = "middle"
    elif state == "middle" and not ch.isalpha():
        state = "end" if ch == "?" else "middle"
    steps.append(ch + ":" + state)
print(steps)
