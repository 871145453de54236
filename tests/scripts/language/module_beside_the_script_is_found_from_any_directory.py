import beside

print(beside.where(), beside.__name__)  # expect: beside the script beside
