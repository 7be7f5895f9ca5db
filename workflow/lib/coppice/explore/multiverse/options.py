"""What the choices of a multiverse are called."""

MAIN = "as analysed"  # the first value of a choice that has no name of its own: that of the main analysis
