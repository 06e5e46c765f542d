"""What the product is measured beside: a stock Django REST framework and hand-written SQL, on the same tables."""
