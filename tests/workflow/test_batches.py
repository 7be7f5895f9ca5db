"""Above 100 units a verb works in batches: few jobs, and an edit costs the units that it touches.

The limit is lowered here, so that a few small analyses are many.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coppice.core.results_layout import BATCHES, batch_of
from coppice.tools.diff.compare import read_pools
from coppice.tools.diff.revisions import pool_again

from .conftest import Review, checkout

pytestmark = pytest.mark.whole

LIMIT, ANALYSES, STUDIES = 5, 6, 3
FEW = 4  # analyses, each of which has a job of its own
CONFIG = "review: {title: T}\nstudies: config/studies.csv\nfigures: {funnel: false, summary: false}\nanalyses:\n"
COLUMNS = "study,year,topic,outcome,statistic,events_e,n_e,events_c,n_c,report,citation,at\n"
BATCHED = ("pool", "explore", "draw")


def analysis(number: int, model: str = "") -> str:
    return f"  a{number}: {{outcome: event, measure: RR, include: {{topic: [t{number}]}}{model}}}\n"


def row(number: int, study: int, events: int) -> str:
    return f"S{number}{study},200{study},t{number},event,counts,{events},100,{20 + study},100,r{number}{study},C,T2\n"


def config(analyses: int = ANALYSES, **models: str) -> str:
    return CONFIG + "".join(analysis(number, models.get(f"a{number}", "")) for number in range(analyses))


def table(**events: int) -> str:
    units = [(number, study) for number in range(ANALYSES) for study in range(STUDIES)]
    return COLUMNS + "".join(row(number, study, events.get(f"S{number}{study}", 10 + study)) for number, study in units)


def many_units(folder: Path, *, limit: int | None = LIMIT) -> Review:
    review = checkout(folder)
    if limit is not None:
        review.edit("workflow/lib/coppice/jobs/batch.py", "THRESHOLD = 100", f"THRESHOLD = {limit}")
    review.path("config/config.yaml").write_text(config(), "utf-8")
    review.path("config/studies.csv").write_text(table(), "utf-8")
    return review


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Review:
    review = many_units(tmp_path_factory.mktemp("many") / "review")
    review.snakemake()
    return review


def times(review: Review) -> dict[str, int]:
    """Return when each result of a unit was written."""
    folder = review.path("results")
    files = [file for verb in ("extract", *BATCHED) for file in (folder / verb).rglob("*") if file.is_file()]
    made = {file.relative_to(folder).as_posix(): file.stat().st_mtime_ns for file in files}
    return {name: time for name, time in made.items() if "/_" not in name}


def written(review: Review, before: dict[str, int]) -> set[str]:
    """Return the verbs and units of which a result was written since."""
    changed = [Path(name) for name, time in times(review).items() if before.get(name) != time]
    return {f"{name.parts[0]} {name.with_suffix('').parts[1]}" for name in changed}


def test_the_number_of_jobs_is_bounded_and_every_unit_is_made(many: Review) -> None:
    folder = many.path("results")
    for verb in ("extract", *BATCHED):
        indices = [json.loads(file.read_text("utf-8")) for file in (folder / verb).glob("_?.json")]
        assert len(indices) == 1 if verb == "extract" else 1 < len(indices) <= len(BATCHES)  # there is one outcome
        assert sum(len(index["units"]) for index in indices) == (ANALYSES * STUDIES if verb == "extract" else ANALYSES)
    assert json.loads((folder / "pool/a3.json").read_text("utf-8"))["k"] == STUDIES
    assert not many.jobs()


def test_the_results_are_the_same_as_with_a_job_for_each_unit(many: Review, tmp_path: Path) -> None:
    one_by_one = many_units(tmp_path / "review", limit=None)
    one_by_one.snakemake("--until", "draw")
    units, others = (
        {name: content for name, content in review.results().items() if name.startswith(BATCHED) and "/_" not in name}
        for review in (many, one_by_one)
    )
    assert len(units) == ANALYSES * (2 + 1 + 2)  # pooled as JSON and CSV, explored, drawn as forest and robustness
    assert units == others


def test_an_edit_of_one_analysis_recomputes_it_and_no_other(many: Review) -> None:
    before = times(many)
    many.path("config/config.yaml").write_text(config(a2=", model: {tau2: DL}"), "utf-8")
    jobs = many.jobs()
    assert {name for name in jobs if "batch" in name} == {f"{verb} batch {batch_of('a2')}" for verb in BATCHED}
    many.snakemake("--until", "draw_batch")
    assert written(many, before) == {f"{verb} a2" for verb in BATCHED}
    assert json.loads(many.path("results/pool/a2.json").read_text("utf-8"))["settings"]["tau2"] == "DL"


def test_an_edit_of_one_figure_recomputes_what_depends_on_it_and_no_other(many: Review) -> None:
    before = times(many)
    many.path("config/studies.csv").write_text(table(S41=19), "utf-8")
    many.snakemake("--until", "draw_batch")
    assert written(many, before) == {"extract S41", *(f"{verb} a4" for verb in BATCHED)}


def test_a_result_that_was_deleted_comes_back_and_no_other_is_made(many: Review) -> None:
    files = [
        many.path(f"results/{name}") for name in ("extract/S10/event.json", "explore/a5.json", "draw/a0/forest.svg")
    ]
    contents = [file.read_bytes() for file in files]
    before = times(many)
    for file in files:
        file.unlink()
    many.snakemake()
    assert written(many, before) == {"extract S10", "explore a5", "draw a0"}
    assert [file.read_bytes() for file in files] == contents
    assert not many.jobs()


DL = ", model: {tau2: DL}"
ONE_WAY_AND_THE_OTHER = {
    "many, few and many again": [(ANALYSES, ""), (FEW, DL), (ANALYSES, "")],
    "few, many and few again": [(FEW, ""), (ANALYSES, DL), (FEW, "")],
}


@pytest.mark.parametrize("name", ONE_WAY_AND_THE_OTHER)
def test_a_review_that_shrinks_and_grows_past_the_limit_has_no_stale_result(tmp_path: Path, name: str) -> None:
    """As where one branch of a repository has more analyses than another, and results lie in one folder."""
    review = many_units(tmp_path / "review")
    for analyses, model in ONE_WAY_AND_THE_OTHER[name]:
        # all of the same studies, whose extracts stay as they are: nothing but the way in which they are pooled changes
        text = re.sub(r"\[t\d\]", "[t0]", config(analyses, a2=model))
        review.path("config/config.yaml").write_text(text, "utf-8")
        review.snakemake("--until", "pool", "pool_batch")
    pooled = json.loads(review.path("results/pool/a2.json").read_text("utf-8"))
    assert pooled["settings"]["tau2"] == "REML"
    assert any(review.path("results/pool").glob("_?.json")) == (analyses == ANALYSES)


def test_a_revision_of_many_analyses_is_pooled_to_be_compared(tmp_path: Path) -> None:
    review = many_units(tmp_path / "review")
    pool_again(review.folder)
    assert sorted(read_pools(review.path("results"))) == [f"a{number}" for number in range(ANALYSES)]
