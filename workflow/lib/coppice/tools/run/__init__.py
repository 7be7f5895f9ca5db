"""The command `run`: Snakemake, as this environment has it, on a review."""
