print("straße".upper(), "İ".lower().encode(), "ŒUVRE".lower(), "Ωμέγα".upper(), "ǆ".title(), "ﬁ".upper())
print("日本語"[1], "日本語".ljust(5, "*"), "日本語".center(7, "-"), "é".isalpha(), "Ⅷ".isnumeric(), "Ⅷ".lower())
print("aé日🎉".replace("日", "sun"), "é,日".split(","), "x日x".strip("x"), "日" * 3)
