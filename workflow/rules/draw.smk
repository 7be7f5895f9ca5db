"""draw: the figures of one analysis.

Input: its pooled and explored results. Output: results/draw/<analysis>/<figure>.svg, .pdf and .png.
"""


rule draw:
    input:
        spec=spec_of("draw"),
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
            for figure in PLAN.figures()
        ],
        pdf=[f"results/draw/{{analysis}}/{figure}.pdf" for figure in PLAN.figures()],
        png=[f"results/draw/{{analysis}}/{figure}.png" for figure in PLAN.figures()],
    log:
        "logs/draw/{analysis}.log",
    conda:
        "../../environment.yml"
    message:
        "draw {wildcards.analysis}"
    shell:
        "python -m coppice draw --spec {input.spec:q} --pool {input.pool:q} --explore {input.explore:q} --out {output:q} 2> {log:q}"
