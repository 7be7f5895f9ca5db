"""For Python users: the verbs on data in memory, without files and without Snakemake.

Everything here builds a review of one analysis in memory and calls the functions that the verbs call, so that there is one way to
check, extract, pool, explore and draw. `import coppice` imports none of it before it is used.
"""
