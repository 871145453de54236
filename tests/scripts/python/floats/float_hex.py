print((2.5).hex(), float.fromhex("0x1.4p+1"), (0.1).hex(), (0.0).hex())
