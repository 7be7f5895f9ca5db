"""draw: the figures of one analysis, and those of the review as a whole.

Input: its pooled and explored results. Output: results/draw/<analysis>/<figure>.svg, and in the
other formats that the configuration asks for; a batch of analyses declares only its index.
Figures of the review read the pooled results of several analyses and the extracts; they lie in results/draw/_review/.
"""

for RULE, (FIGURES, ANALYSES) in TARGETS.drawn.items():

    rule:
        name:
            RULE
        input:
            spec=spec_of("draw"),
            extracts=extracts_of("draw"),
            pool="results/pool/{analysis}.json",
            explore="results/explore/{analysis}.json",
        output:
            svg=[
                report(
                    f"results/draw/{{analysis}}/{figure}.svg",
                    caption=f"../report/{figure}.rst",
                    category="Figures",
                    labels={"analysis": "{analysis}", "figure": figure},
                )
                for figure in FIGURES
            ],
            others=[
                f"results/draw/{{analysis}}/{figure}.{format}" for figure in FIGURES for format in TARGETS.formats[1:]
            ],
        log:
            "logs/draw/{analysis}.log",
        wildcard_constraints:
            analysis=TARGETS.one_of_these("draw", ANALYSES),
        priority: 1  # the report waits for figures, and for no table
        conda:
            "../envs/coppice.yaml"
        message:
            "draw {wildcards.analysis}"
        shell:
            '"$COPPICE_PYTHON" -m coppice draw '
            "--spec {input.spec:q} "
            "--pool {input.pool:q} "
            "--explore {input.explore:q} "
            "--out {output:q} "
            "2> {log:q}"


rule draw_batch:
    input:
        spec=spec_of("draw"),
        extracts=extracts_of("draw"),
        pool="results/pool/_{batch}.json",
        explore="results/explore/_{batch}.json",
    output:
        "results/draw/_{batch}.json",
    log:
        "logs/draw/_{batch}.log",
    priority: 1
    conda:
        "../envs/coppice.yaml"
    message:
        "draw batch {wildcards.batch}"
    shell:
        '"$COPPICE_PYTHON" -m coppice draw '
        "--spec {input.spec:q} "
        "--pool {input.pool:q} "
        "--explore {input.explore:q} "
        "--index {output:q} "
        "2> {log:q}"


rule draw_review:
    input:
        TARGETS.extracts(PLAN.reads("draw")),
        TARGETS.drawn_pools(),
        spec=spec_of("draw"),
    output:
        svg=[
            report(
                file,
                caption=f"../report/{Path(file).stem}.rst",
                category="Figures",
                labels={"analysis": "all", "figure": Path(file).stem},
            )
            for file in TARGETS.review_figures("svg")
        ],
        others=TARGETS.review_figures(*TARGETS.formats[1:]),
    log:
        "logs/draw/_review.log",
    priority: 1
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "draw the review"
    shell:
        '"$COPPICE_PYTHON" -m coppice draw ' "--spec {input.spec:q} " "--out {output:q} " "2> {log:q}"
