"""Coppice: a reproducible meta-analysis workflow in five verbs, extract, pool, explore, draw, report.

Each verb is a folder of this package; `records` and `measures` are what all of them share.
"""

__version__ = "0.1.0"
