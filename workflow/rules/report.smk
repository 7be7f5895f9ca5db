"""report: words, tables and figures of the whole review.

Input: every result. Output: results/report/report.html and report.ipynb; results of units that are gone are removed.
The other formats are made beside it, those that the configuration asks for; the provenance names them all.
"""


rule report:
    input:
        TARGETS.extracts(),
        TARGETS.proposals(),
        TARGETS.results_of("pool"),
        TARGETS.results_of("explore"),
        TARGETS.every_figure(),
        spec=report_spec("page"),
    output:
        html=report(
            TARGETS.report_files("page")[0], caption="../report/report.rst", **TARGETS.labelled("Report", "report")
        ),
        ipynb=TARGETS.report_files("page")[1],
    log:
        "logs/report.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "report"
    shell:
        '"$COPPICE_PYTHON" -m coppice report '
        "--spec {input.spec:q} "
        '--notebook "$COPPICE_NOTEBOOK" '
        "--html {output.html:q} "
        "--ipynb {output.ipynb:q} "
        "2> {log:q}"


rule tables:
    input:
        TARGETS.extracts(),
        TARGETS.results_of("pool"),
        TARGETS.results_of("explore"),
        spec=report_spec("csv"),
    output:
        [
            report(file, caption="../report/tables.rst", **TARGETS.labelled("Tables", Path(file).stem))
            for file in TARGETS.report_files("csv")
        ],
    log:
        "logs/report/tables.log",
    localrule: True
    conda:
        "../envs/coppice.yaml"
    message:
        "tables"
    shell:
        '"$COPPICE_PYTHON" -m coppice report --spec {input.spec:q} --out {output:q} 2> {log:q}'


use rule tables as workbook with:
    input:
        TARGETS.extracts(),
        TARGETS.results_of("pool"),
        TARGETS.results_of("explore"),
        spec=report_spec("xlsx"),
    output:
        report(TARGETS.report_files("xlsx"), caption="../report/workbook.rst", **TARGETS.labelled("Tables", "workbook")),
    log:
        "logs/report/workbook.log",
    message:
        "workbook"


use rule tables as r_script with:
    input:
        TARGETS.extracts(),
        TARGETS.results_of("pool"),
        TARGETS.results_of("explore"),
        spec=report_spec("R"),
    output:
        TARGETS.report_files("R"),
    log:
        "logs/report/r_script.log",
    message:
        "script for R"


use rule tables as pdf with:
    input:
        TARGETS.extracts(),
        TARGETS.proposals(),
        TARGETS.results_of("pool"),
        TARGETS.results_of("explore"),
        TARGETS.every_figure(),
        spec=report_spec("pdf"),
    output:
        report(
            TARGETS.report_files("pdf"), caption="../report/pdf.rst", **TARGETS.labelled("Report", "manuscript as PDF")
        ),
    log:
        "logs/report/pdf.log",
    message:
        "manuscript as PDF"


use rule pdf as docx with:
    input:
        TARGETS.extracts(),
        TARGETS.proposals(),
        TARGETS.results_of("pool"),
        TARGETS.results_of("explore"),
        TARGETS.every_figure(),
        spec=report_spec("docx"),
    output:
        report(
            TARGETS.report_files("docx"),
            caption="../report/docx.rst",
            **TARGETS.labelled("Report", "manuscript as DOCX"),
        ),
    log:
        "logs/report/docx.log",
    message:
        "manuscript as DOCX"


use rule tables as provenance with:
    input:
        rules.report.output,
        TARGETS.every_format("provenance", "crate"),
        TARGETS.tables_of_effects(),
        spec=report_spec("provenance"),
    output:
        TARGETS.report_files("provenance"),
    log:
        "logs/report/provenance.log",
    message:
        "provenance"


use rule tables as crate with:
    input:
        rules.report.output,
        TARGETS.every_format("crate"),
        TARGETS.tables_of_effects(),
        spec=report_spec("crate"),
    output:
        TARGETS.report_files("crate"),
    log:
        "logs/report/crate.log",
    message:
        "research object"
