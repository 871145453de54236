for _ in range(2):
    try:
        import broken
    except ValueError as e:
        print("caught", e)
