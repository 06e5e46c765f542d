"""What the product is measured beside: a stock Django REST framework and hand-written SQL, on the same tables."""

# What the product lists only where somebody asks for it: programmes and doctrines. The peers leave it out as well.
OTHERS = ("initiative", "strategy", "procedure", "practice", "authorisation")
BETWEEN_PARTIES = f"type NOT IN ({', '.join(repr(name) for name in OTHERS)})"
