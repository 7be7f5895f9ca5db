"""A shim: `snakemake` at the top level runs workflow/Snakefile, where everything is."""


include: "workflow/Snakefile"


if not IS_MODULE:  # the first rule of a file that is included is not the default target by itself
    workflow.default_target = "all"
