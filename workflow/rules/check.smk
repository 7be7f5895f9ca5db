"""check: what does not add up in the studies, as a table; asked for by name, nothing is pooled.

Input: the findings of the review that was read. Output: the table, on the terminal.
"""


rule check:
    input:
        spec=spec_of("check"),
    log:
        "logs/check.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "check"
    shell:
        '"$COPPICE_PYTHON" -m coppice check ' "--spec {input.spec:q} " "2> {log:q}"
