class InsufficientFunds(Exception):
    def __init__(self, need, have):
        super().__init__(f"need {need:.2f}, have {have:.2f}")
        self.missing = need - have

class Account:
    rate = 0.02

    def __init__(self, owner, balance=0):
        self.owner, self.balance, self.history = owner, balance, []

    def _record(self, kind, amount):
        self.history.append((kind, amount, self.balance))

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount
        self._record("deposit", amount)

    def withdraw(self, amount):
        if amount > self.balance + self.credit:
            raise InsufficientFunds(amount, self.balance)
        self.balance -= amount
        self._record("withdraw", amount)

    @property
    def credit(self):
        return 0

class Gold(Account):
    rate = 0.05

    @property
    def credit(self):
        return 100

def transfer(a, b, amount):
    before = a.balance, b.balance
    try:
        a.withdraw(amount)
        b.deposit(amount)
    except Exception:
        a.balance, b.balance = before
        raise

ann, bob = Account("Ann", 100), Gold("Bob", 50)
transfer(ann, bob, 30)
bob.withdraw(150)
for action in (lambda: transfer(ann, bob, 500), lambda: ann.deposit(-1), lambda: bob.withdraw(80)):
    try:
        action()
    except InsufficientFunds as e:
        print("refused:", e, f"missing {e.missing:.2f}")
    except ValueError as e:
        print("invalid:", e)
for a in (ann, bob):
    a.deposit(round(abs(a.balance) * a.rate, 2))
    print(a.owner, a.balance, a.history)
