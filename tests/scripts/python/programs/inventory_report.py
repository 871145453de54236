import json

orders = json.loads("""[
  {"id": 1, "customer": "Ann", "lines": [{"item": "pen", "qty": 10, "price": 1.5}, {"item": "ink", "qty": 2, "price": 7.25}]},
  {"id": 2, "customer": "Bob", "lines": [{"item": "pen", "qty": 1, "price": 1.5}]},
  {"id": 3, "customer": "Ann", "lines": []}
]""")
totals, per_item = {}, {}
for order in orders:
    amount = sum(l["qty"] * l["price"] for l in order["lines"])
    totals[order["customer"]] = totals.get(order["customer"], 0) + amount
    for l in order["lines"]:
        per_item.setdefault(l["item"], []).append(l["qty"])
for name, amount in sorted(totals.items()):
    print(f"{name:.<10}{amount:.>10.2f}")
print(json.dumps({k: {"sold": sum(v), "orders": len(v)} for k, v in per_item.items()}, indent=2, sort_keys=True))
print([o["id"] for o in orders if not o["lines"]])
