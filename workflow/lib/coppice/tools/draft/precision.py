"""How often each rule was right on the texts with a gold standard that it was built on: (right, proposed)."""

PRECISION: dict[str, tuple[int, int]] = {}
