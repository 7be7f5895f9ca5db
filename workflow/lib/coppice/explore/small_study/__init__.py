"""Small-study effects: tests of funnel plot asymmetry, corrections, selection models, and when each must not be used.

`part.small_study` applies the registry `part.ENTRIES`; an entry names its needs and its source.
"""
