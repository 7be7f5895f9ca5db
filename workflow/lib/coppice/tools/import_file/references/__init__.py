"""References of other programs: a module per format, each returning `Reference`s, and `studies`, which makes records of them."""
