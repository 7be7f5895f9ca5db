"""explore: how much one analysis depends on choices.

Input: its pooled result, and the extracts where it has a multiverse. Output: results/explore/<analysis>.json.
"""


rule explore:
    input:
        spec=spec_of("explore"),
        pool="results/pool/{analysis}.json",
        extracts=explored_extracts_of,
    output:
        "results/explore/{analysis}.json",
    log:
        "logs/explore/{analysis}.log",
    conda:
        "../../environment.yml"
    message:
        "explore {wildcards.analysis}"
    shell:
        "python -m coppice explore --spec {input.spec:q} --pool {input.pool:q} --extracts {input.extracts:q} --json {output:q} 2> {log:q}"
