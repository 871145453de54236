import scriptling.runtime as runtime

def who():
    own = runtime.current_task()
    return own.name, own.done(), own

name, done, own = runtime.background("me", who).get()
print(name, done, own.done())  # expect: me False True
print(runtime.current_task())  # expect: <Promise 'main' running>
try:
    runtime.current_task().get()
except RuntimeError as e:
    print(e)  # expect: a task cannot wait for itself
