class AppError(Exception):
    "Base of the application."

class NotFound(AppError):
    def __init__(self, name, code=404):
        super().__init__(f"{name} not found")
        self.name, self.code = name, code

class Plain(AppError):
    def __init__(self, a, b):
        self.sum = a + b

class Text(AppError):
    def __str__(self):
        return "custom text"

for e in (NotFound("page"), Plain(1, 2), Text(1, 2), AppError("x", 1)):
    try:
        raise e
    except NotFound as err:
        print(err, err.name, err.code, err.args, repr(err))
    except AppError as err:
        print(str(err), err.args, repr(err), vars(err))
