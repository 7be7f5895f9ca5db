"""explore: how much one analysis depends on choices.

Input: its pooled result, and the extracts where it has a multiverse. Output: results/explore/<analysis>.json;
a batch declares only its index.
"""


rule explore:
    input:
        spec=spec_of("explore"),
        pool="results/pool/{analysis}.json",
        extracts=extracts_of("explore"),
    output:
        "results/explore/{analysis}.json",
    log:
        "logs/explore/{analysis}.log",
    wildcard_constraints:
        analysis=TARGETS.one_of("explore"),
    conda:
        "../envs/coppice.yaml"
    message:
        "explore {wildcards.analysis}"
    shell:
        '"$COPPICE_PYTHON" -m coppice explore '
        "--spec {input.spec:q} "
        "--pool {input.pool:q} "
        "--extracts {input.extracts:q} "
        "--json {output:q} "
        "2> {log:q}"


rule explore_batch:
    input:
        spec=spec_of("explore"),
        pool="results/pool/_{batch}.json",
        extracts=extracts_of("explore"),
    output:
        "results/explore/_{batch}.json",
    log:
        "logs/explore/_{batch}.log",
    conda:
        "../envs/coppice.yaml"
    message:
        "explore batch {wildcards.batch}"
    shell:
        '"$COPPICE_PYTHON" -m coppice explore '
        "--spec {input.spec:q} "
        "--pool {input.pool:q} "
        "--extracts {input.extracts:q} "
        "--index {output:q} "
        "2> {log:q}"
