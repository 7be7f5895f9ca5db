"""The verb draw: pool and explore results -> figures; it computes no statistic.

`figures` holds the registry of figures, `analysis` draws all those of one analysis, `save` writes them; each figure is
one module with one function, usable on its own: `from coppice.draw.forest.forest import draw_forest`.
"""
