"""report: words, tables and figures of the whole review.

Input: every result. Output: results/report/report.html and report.ipynb; results of units that are gone are removed.
"""


rule report:
    input:
        spec=report_spec,
        notebook=ancient(NOTEBOOK),
        extracts=every_extract(),
        pool=of_each_analysis("results/pool/{analysis}.json"),
        explore=of_each_analysis("results/explore/{analysis}.json"),
        draw=every_figure(),
    output:
        html=report(
            "results/report/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"analysis": "all", "document": "report"},
        ),
        ipynb="results/report/report.ipynb",
    log:
        "logs/report.log",
    conda:
        "../../environment.yml"
    message:
        "report"
    shell:
        "python -m coppice report --spec {input.spec:q} --notebook {input.notebook:q} --html {output.html:q} --ipynb {output.ipynb:q} 2> {log:q}"
