class Money:
    def __add__(self, other):
        raise ValueError("different currencies")  # expect raises: ValueError: different currencies

Money() + Money()
