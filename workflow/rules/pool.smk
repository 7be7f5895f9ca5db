"""pool: the model of one analysis.

Input: the extracts of its studies. Output: results/pool/<analysis>.json and .csv; a batch declares only its index.
"""


rule pool:
    input:
        spec=spec_of("pool"),
        extracts=extracts_of("pool"),
    output:
        json="results/pool/{analysis}.json",
        csv=report(
            "results/pool/{analysis}.csv",
            caption="../report/effects.rst",
            category="Tables",
            labels={"analysis": "{analysis}", "table": "effects"},
        ),
    log:
        "logs/pool/{analysis}.log",
    wildcard_constraints:
        analysis=TARGETS.one_of("pool"),
    conda:
        "../envs/coppice.yaml"
    message:
        "pool {wildcards.analysis}"
    shell:
        '"$COPPICE_PYTHON" -m coppice pool '
        "--spec {input.spec:q} "
        "--extracts {input.extracts:q} "
        "--json {output.json:q} "
        "--csv {output.csv:q} "
        "2> {log:q}"


rule pool_batch:
    input:
        spec=spec_of("pool"),
        extracts=extracts_of("pool"),
    output:
        "results/pool/_{batch}.json",
    log:
        "logs/pool/_{batch}.log",
    conda:
        "../envs/coppice.yaml"
    message:
        "pool batch {wildcards.batch}"
    shell:
        '"$COPPICE_PYTHON" -m coppice pool '
        "--spec {input.spec:q} "
        "--extracts {input.extracts:q} "
        "--index {output:q} "
        "2> {log:q}"
