"""report: words, tables and figures of the whole review.

Input: every result. Output: results/report/report.html and report.ipynb; results of units that are gone are removed.
The other forms of the report are made beside it, those that the configuration asks for; the provenance names them all.
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
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "report"
    shell:
        "python -m coppice report --spec {input.spec:q} --notebook {input.notebook:q} --html {output.html:q} --ipynb {output.ipynb:q} 2> {log:q}"


rule tables:
    input:
        every_extract(),
        of_each_analysis("results/pool/{analysis}.json"),
        of_each_analysis("results/explore/{analysis}.json"),
        spec=data_spec,
    output:
        [
            report(
                file,
                caption="../report/tables.rst",
                category="Tables",
                labels={"analysis": "all", "table": Path(file).stem},
            )
            for file in FORMS["csv"]
        ],
    log:
        "logs/report/tables.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "tables"
    shell:
        "python -m coppice report --spec {input.spec:q} --form csv --out {output:q} 2> {log:q}"


rule workbook:
    input:
        every_extract(),
        of_each_analysis("results/pool/{analysis}.json"),
        of_each_analysis("results/explore/{analysis}.json"),
        spec=data_spec,
    output:
        report(
            FORMS["xlsx"],
            caption="../report/workbook.rst",
            category="Tables",
            labels={"analysis": "all", "table": "workbook"},
        ),
    log:
        "logs/report/workbook.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "workbook"
    shell:
        "python -m coppice report --spec {input.spec:q} --form xlsx --out {output:q} 2> {log:q}"


rule r_script:
    input:
        every_extract(),
        of_each_analysis("results/pool/{analysis}.json"),
        of_each_analysis("results/explore/{analysis}.json"),
        spec=data_spec,
    output:
        FORMS["R"],
    log:
        "logs/report/r_script.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "script for R"
    shell:
        "python -m coppice report --spec {input.spec:q} --form R --out {output:q} 2> {log:q}"


rule pdf:
    input:
        every_extract(),
        of_each_analysis("results/pool/{analysis}.json"),
        of_each_analysis("results/explore/{analysis}.json"),
        every_figure(),
        spec=manuscript_spec,
    output:
        report(
            FORMS["pdf"],
            caption="../report/pdf.rst",
            category="Report",
            labels={"analysis": "all", "document": "manuscript as PDF"},
        ),
    log:
        "logs/report/pdf.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "manuscript as PDF"
    shell:
        "python -m coppice report --spec {input.spec:q} --form pdf --out {output:q} 2> {log:q}"


rule docx:
    input:
        every_extract(),
        of_each_analysis("results/pool/{analysis}.json"),
        of_each_analysis("results/explore/{analysis}.json"),
        every_figure(),
        spec=manuscript_spec,
    output:
        report(
            FORMS["docx"],
            caption="../report/docx.rst",
            category="Report",
            labels={"analysis": "all", "document": "manuscript as DOCX"},
        ),
    log:
        "logs/report/docx.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "manuscript as DOCX"
    shell:
        "python -m coppice report --spec {input.spec:q} --form docx --out {output:q} 2> {log:q}"


rule provenance:
    input:
        rules.report.output,
        [file for file in every_form() if file not in FORMS["provenance"] + FORMS["crate"]],
        of_each_analysis("results/pool/{analysis}.csv"),
        spec=provenance_spec,
    output:
        FORMS["provenance"],
    log:
        "logs/report/provenance.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "provenance"
    shell:
        "python -m coppice report --spec {input.spec:q} --form provenance --out {output:q} 2> {log:q}"


rule crate:
    input:
        rules.report.output,
        [file for file in every_form() if file not in FORMS["crate"]],
        of_each_analysis("results/pool/{analysis}.csv"),
        spec=crate_spec,
    output:
        FORMS["crate"],
    log:
        "logs/report/crate.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "research object"
    shell:
        "python -m coppice report --spec {input.spec:q} --form crate --out {output:q} 2> {log:q}"
