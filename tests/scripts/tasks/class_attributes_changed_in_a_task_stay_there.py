import scriptling.runtime as runtime

class Config:
    level = 1

def change():
    Config.level += 10
    return Config.level

print(runtime.run(change).get(), Config.level)  # expect: 11 1
