"""`snakemake --report`: works without a network, and shows every figure and table with caption and labels."""

from __future__ import annotations

from .conftest import Review


def test_the_report_of_snakemake_shows_every_figure(review: Review) -> None:
    review.snakemake("--report", "report.html", https_proxy="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9")
    page = review.path("report.html").read_text("utf-8")
    for analysis in ("efs", "os", "crs"):
        for figure in ("forest", "funnel"):
            assert f"results/draw/{analysis}/{figure}.svg" in page
    assert "Forest plot of the analysis" in page
    assert "Blinatumomab versus chemotherapy" in page
