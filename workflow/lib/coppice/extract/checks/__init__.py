"""checks: whether the figures of a study agree with one another.

`registry` lists them, `run` applies them to an outcome, a study or an analysis; each check is a small named function.
Rounding is allowed for by interval arithmetic (`printed`), so that figures which can agree are never complained of.
"""
