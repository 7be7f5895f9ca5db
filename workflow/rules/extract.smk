"""extract: reported figures to effects, one job for one outcome of one study; above 100 of these, 16 batches by outcome.

Input: the study's record. Output: results/extract/<study>/<outcome>.json; a batch declares only its index.
"""


rule extract:
    input:
        spec=spec_of("extract"),
        record=record_of,
    output:
        "results/extract/{study}/{outcome}.json",
    log:
        "logs/extract/{study}/{outcome}.log",
    wildcard_constraints:
        study=TARGETS.one_of("extract", part=0),
        outcome=TARGETS.one_of("extract", part=1),
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "extract {wildcards.outcome} of {wildcards.study}"
    shell:
        '"$COPPICE_PYTHON" -m coppice extract ' "--spec {input.spec:q} " "--json {output:q} " "2> {log:q}"


rule extract_batch:
    input:
        spec=spec_of("extract"),
    output:
        "results/extract/_{batch}.json",
    log:
        "logs/extract/_{batch}.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "extract batch {wildcards.batch}"
    shell:
        '"$COPPICE_PYTHON" -m coppice extract ' "--spec {input.spec:q} " "--index {output:q} " "2> {log:q}"
