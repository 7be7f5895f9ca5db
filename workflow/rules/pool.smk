"""pool: the model of one analysis.

Input: the extracts of its studies. Output: results/pool/<analysis>.json and .csv.
"""


rule pool:
    input:
        spec=spec_of("pool"),
        extracts=extracts_of,
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
    conda:
        "../../environment.yml"
    message:
        "pool {wildcards.analysis}"
    shell:
        "python -m coppice pool --spec {input.spec:q} --extracts {input.extracts:q} --json {output.json:q} --csv {output.csv:q} 2> {log:q}"
