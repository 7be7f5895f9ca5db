"""The manuscripts are made when they are asked for, beside the page, and again when what they say changes."""

from __future__ import annotations

import io
import json
import math

import docx
import pytest
from pypdf import PdfReader

from .conftest import Review

pytestmark = pytest.mark.whole

MANUSCRIPTS = {"manuscript as PDF": 1, "manuscript as DOCX": 1}


def test_a_review_gets_its_manuscripts_when_it_asks_for_them(review: Review) -> None:
    review.edit("config/config.yaml", "formats: [csv, xlsx, R, provenance", "formats: [pdf, docx")
    jobs = review.jobs()
    assert MANUSCRIPTS.items() <= jobs.items()
    assert {job.split()[0] for job in jobs} <= {"manuscript", "report", "draw"}  # the DOCX holds PNG, drawn for it
    review.snakemake()
    results = review.results()
    estimate = f"{math.exp(json.loads(results['pool/os.json'])['random']['estimate']):.2f} (95% CI"
    pages = PdfReader(io.BytesIO(results["report/report.pdf"])).pages
    assert estimate in " ".join(" ".join(page.extract_text() for page in pages).split())
    assert estimate in " ".join(
        item.text for item in docx.Document(io.BytesIO(results["report/report.docx"])).paragraphs
    )

    review.path("results/report/report.pdf").unlink()
    assert review.jobs() == {"manuscript as PDF": 1}
    review.edit("config/config.yaml", "title: Blinatumomab", "title: Again blinatumomab")
    assert MANUSCRIPTS.items() <= review.jobs().items()
