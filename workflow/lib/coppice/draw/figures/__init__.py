"""The other figures: `draw_<name>` draws results, typed as in `core.contracts`, under a title in a style.

What their further keywords mean is in `draw.options`, which the configuration and its manual are made from; `favours`,
`arms` and `outcomes` are the names that the review gives to the sides of an effect, to its arms and to its outcomes.
"""
