"""Whatever a review holds, it gives finite results or one clear line for each thing that is wrong: `make fuzz`.

COPPICE_FUZZ is the number of cases of all tests together; without a seed (COPPICE_FUZZ_SEED) every run has the same.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from coppice.core.errors import BadInput
from coppice.explore.analysis import explore_analysis
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan.plan import Plan, load
from coppice.pool.analysis import pool_analysis
from coppice.pool.table import table

from .grammar import reviews
from .tables import tables
from .texts import CONFIGURATION, RECORD, texts

CASES = int(os.environ.get("COPPICE_FUZZ", "2000"))
SEED = int(os.environ.get("COPPICE_FUZZ_SEED", "0"))
PATIENCE_SECONDS = 20.0  # of processor time a case, a hundred times what one takes: beyond it something does not end
LONGEST_LINE = 2000

outcomes: Counter[str] = Counter()


def cases(share: float) -> Callable[[Any], Any]:
    """Return the settings of a test that has a share of all cases."""
    of = settings(
        max_examples=max(1, round(CASES * share)),
        deadline=None,
        database=None,
        derandomize=SEED == 0,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: of(seed(SEED)(test) if SEED else test)


@contextmanager
def patience() -> Iterator[None]:
    """Fail a case that does not end."""

    def stop(*_: object) -> None:
        raise AssertionError(f"not done after {PATIENCE_SECONDS:g} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def is_clear(error: BadInput) -> bool:
    """Return whether every problem is one line with its place."""
    lines = str(error).splitlines()
    return len(lines) == len(error.problems) > 0 and all(
        ": " in line and len(line) < LONGEST_LINE and line.isprintable() for line in lines
    )


def through_json(value: Any) -> Any:
    """Return what a job reads of what another wrote: not a number, or an infinity, raises."""
    return json.loads(canonical_json.dumps(value))


def reasons_are_given(result: dict[str, Any]) -> bool:
    """Return whether each part of a pooled result that is null has its reason."""
    parts = [name for name in ("common", "random", "prediction") if result[name] is None]
    return all(result["reasons"].get(name) for name in parts)


def results(plan: Plan) -> None:
    """Extract, pool and explore a review."""
    extracts = {
        unit: through_json(extract_outcome(json.loads(plan.spec("extract", study=unit[0], outcome=unit[1]))))
        for unit in plan.extracts
    }
    for analysis in plan.review.analyses:
        mine = [extracts[unit] for unit in plan.reads("pool", analysis=analysis)]
        pooled = through_json(pool_analysis(json.loads(plan.spec("pool", analysis=analysis)), mine))
        assert reasons_are_given(pooled), {name: pooled[name] for name in ("common", "random", "prediction", "reasons")}
        assert "nan" not in table(pooled).lower().replace("nance", "")
        through_json(explore_analysis(json.loads(plan.spec("explore", analysis=analysis)), pooled, mine))
        json.loads(plan.spec("draw", analysis=analysis))
    plan.spec("report")


def outcome_of(write: Callable[[Path], Path]) -> str:
    """Write a review, read it and work it out; return what became of it."""
    message: BadInput | None = None
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name, patience():
        try:
            results(load([write(Path(name))], {}))
        except BadInput as error:
            message = error
    assert message is None or is_clear(message), repr(str(message))
    return "computed" if message is None else "refused"


def written(folder: Path, configuration: dict[str, Any], studies: list[dict[str, Any]]) -> Path:
    """Write a review as YAML, of which JSON is a part."""
    (folder / "studies").mkdir()
    if configuration.get("studies") == "studies":
        configuration = configuration | {"studies": str(folder / "studies")}
    for number, study in enumerate(studies, 1):
        (folder / "studies" / f"S{number}.yaml").write_text(json.dumps(study), "utf-8")
    (folder / "config.yaml").write_text(json.dumps(configuration), "utf-8")
    return folder / "config.yaml"


pytestmark = pytest.mark.filterwarnings(
    "ignore::RuntimeWarning"
)  # overflow on the way to a result that is said to be none


@cases(0.75)
@given(reviews())
def test_a_review_gives_results_or_clear_messages(review: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    outcomes[outcome_of(lambda folder: written(folder, *review))] += 1


@cases(0.15)
@given(tables())
def test_a_table_gives_results_or_clear_messages(content: tuple[dict[str, Any], str]) -> None:
    configuration, text = content

    def write(folder: Path) -> Path:
        (folder / "studies.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
        file = folder / "config.yaml"
        file.write_text(json.dumps(configuration | {"studies": str(folder / "studies.csv")}), "utf-8")
        return file

    outcomes[outcome_of(write)] += 1


@cases(0.1)
@given(texts())
def test_a_damaged_file_gives_results_or_clear_messages(damaged: tuple[bytes, bool]) -> None:
    content, is_record = damaged

    def write(folder: Path) -> Path:
        (folder / "studies").mkdir()
        (folder / "studies/S1.yaml").write_text(RECORD, "utf-8")
        (folder / "config.yaml").write_text(
            CONFIGURATION.replace("studies: studies", f"studies: {folder / 'studies'}"), "utf-8"
        )
        (folder / "studies/S1.yaml" if is_record else folder / "config.yaml").write_bytes(
            content.replace(b"studies: studies", f"studies: {folder / 'studies'}".encode())
        )
        return folder / "config.yaml"

    outcomes[outcome_of(write)] += 1


def test_the_grammar_is_neither_all_refused_nor_all_computed(capsys: pytest.CaptureFixture[str]) -> None:
    """A fuzz whose every case is refused at the door would find nothing behind it."""
    total = sum(outcomes.values())
    if not total:
        pytest.skip("no case was tried in this process")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with capsys.disabled():
        sys.stdout.write(
            f"\n{total} cases: {outcomes['computed']} computed, {outcomes['refused']} refused; {peak} MB at most\n"
        )
    assert min(outcomes["computed"], outcomes["refused"]) > total / 5
