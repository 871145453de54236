class ShopError(Exception):
    def __str__(self):
        return "the shop is closed"

raise ShopError(1, 2)  # expect raises: ShopError: the shop is closed
