print("a\tb".expandtabs(), "a\tbc\td".expandtabs(4), "\t".expandtabs(3) + "|", "a\tb\n\tc".expandtabs(4), "x\ty".expandtabs(0), sep="\n")
