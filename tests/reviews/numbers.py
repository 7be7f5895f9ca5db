"""Print every number of every result of the shipped review and the test reviews, a line each, words aside.

python -m tests.reviews.numbers > before.txt        # then change the library, and
python -m tests.reviews.numbers | diff before.txt -
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coppice.core.environment import PINNED
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs.canonical_json import rounded
from coppice.plan import plan
from coppice.pool.kinds import pooling

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REVIEWS = [
    (ROOT, Path("config/config.yaml")),
    *((file.parent, Path(file.name)) for file in sorted(HERE.glob("*/config.yaml"))),
]


def numbers(value: Any, place: str) -> Iterator[str]:
    """Yield a line for every value of a result that is not text."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield from numbers(value[key], f"{place}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from numbers(item, f"{place}.{index}")
    elif not isinstance(value, str):
        yield f"{place}: {value!r}"


def of_review(folder: Path, configuration: Path) -> Iterator[str]:
    """Yield the numbers of a review, by the same steps as the workflow's."""
    os.chdir(folder)
    review = plan.load([configuration], {})
    extracts = {
        unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
    }
    for (study, outcome), content in extracts.items():
        yield from numbers(rounded(content), f"{folder.name}/extract/{study}/{outcome}")
    for name in review.review.analyses:
        spec = review.unit("pool", analysis=name)
        pooled = pooling(spec).pool(spec, [extracts[unit] for unit in review.reads("pool", analysis=name)])
        reads = [extracts[unit] for unit in review.reads("explore", analysis=name)]
        explored = exploring(pooled)(review.unit("explore", analysis=name), pooled, reads)
        yield from numbers(rounded(pooled), f"{folder.name}/pool/{name}")
        yield from numbers(rounded(explored), f"{folder.name}/explore/{name}")


if __name__ == "__main__":
    if (
        not PINNED.items() <= os.environ.items()
    ):  # as the workflow's jobs: the last bits depend on threads and processor
        os.execve(sys.executable, [sys.executable, "-m", "tests.reviews.numbers"], os.environ | PINNED)
    for review in REVIEWS:
        sys.stdout.writelines(f"{line}\n" for line in of_review(*review))
