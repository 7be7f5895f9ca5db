"""read: what a text that no record quotes says, proposed by rules; nothing uses it, and the report lists it.

Input: the text, by its SHA-256 in the spec. Output: results/read/<text>.json.
"""


rule read:
    input:
        spec=spec_of("read"),
    output:
        "results/read/{text}.json",
    log:
        "logs/read/{text}.log",
    wildcard_constraints:
        text=TARGETS.one_of("read"),
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "read {wildcards.text}"
    shell:
        '"$COPPICE_PYTHON" -m coppice read ' "--spec {input.spec:q} " "--json {output:q} " "2> {log:q}"
