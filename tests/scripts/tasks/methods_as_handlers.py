import scriptling.runtime as runtime

class Account:
    def __init__(self, balance):
        self.balance = balance

    def deposit(self, n):
        self.balance += n
        return self.balance

    @staticmethod
    def fee(n):
        return n // 10

    @classmethod
    def empty(cls):
        return cls(0).balance

a = Account(100)
print(runtime.run(a.deposit, 5).get(), a.balance)  # expect: 105 100
print(runtime.run(Account.fee, 99).get(), runtime.run(Account.empty).get())  # expect: 9 0
