raise SystemExit(9)  # expect exit: 9
