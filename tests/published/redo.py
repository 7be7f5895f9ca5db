"""Published analyses, redone: the numbers as they were printed, and ours, by the same steps as the workflow's.

Each folder is a review (`config.yaml`, and `studies.csv` unless the table is that of a review in tests/reviews) with
`published.yaml`: what the data are, where they come from, and for each analysis the place, the call, and the numbers as
they stand there. `differs` gives the reason for each number whose last digit is not ours; nothing else may differ.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.plan import plan
from coppice.pool.kinds import pooling

HERE = Path(__file__).resolve().parent
FOLDERS = sorted(folder.name for folder in HERE.iterdir() if (folder / "published.yaml").is_file())
HALF_A_UNIT = 0.5 * 1.0001  # of the last digit; a little more, as a tie may go either way
EXPLORE = "explore."
SLOW = frozenset(
    {"assink2016", "bornmann2007", "collins1985a", "corrdat", "nielweise2007", "tannersmith2016", "white2020"}
)  # seconds each: `make whole` takes them
NAMED = {  # the keys of an analysis that say how it is done
    "moderators": "meta-regression",
    "subgroups": "subgroups",
    "network": "network",
    "dose_response": "dose-response",
    "diagnostic": "diagnostic accuracy",
    "outcomes": "multivariate",
    "bayes": "Bayesian",
    "permutation": "permutation",
}


@dataclass(frozen=True, slots=True)
class Number:
    """One printed number and ours.

    Attributes
    ----------
    analysis, quantity : str
        The analysis of config.yaml, and the field of its result file.
    printed : str
        As it was printed; "<.001" is a p value below that.
    ours : float
    why : str
        Why it differs; empty where it should not.
    """

    analysis: str
    quantity: str
    printed: str
    ours: float
    why: str = ""

    @property
    def digits(self) -> int:
        """The number of decimals that were printed."""
        return len(self.printed.partition(".")[2])

    @property
    def agrees(self) -> bool:
        """Whether ours, rounded to the printed digits, is the printed number."""
        if self.printed.startswith("<"):
            return self.ours < float(self.printed[1:])
        return abs(self.ours - float(self.printed)) <= HALF_A_UNIT * 10.0**-self.digits


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one place printed of one analysis."""

    name: str
    place: str
    call: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class DataSet:
    """The data, their source, and what was published of them."""

    name: str
    data: str
    source: str
    methods: tuple[str, ...]
    analyses: tuple[Analysis, ...]

    @property
    def numbers(self) -> Iterator[Number]:
        """All numbers of all places."""
        return (number for analysis in self.analyses for number in analysis.numbers)


class Results:
    """The results of a review, each computed when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.plan = plan.load([Path("config.yaml")], {})
        self.extract = cache(
            lambda study, outcome: extract_outcome(self.plan.content("extract", study=study, outcome=outcome))
        )
        self.pool = cache(self._pool)
        self.explore = cache(self._explore)

    def _extracts(self, verb: str, analysis: str) -> list[Any]:
        return [self.extract(*unit) for unit in self.plan.reads(verb, analysis=analysis)]

    def _pool(self, analysis: str) -> Any:
        spec = self.plan.content("pool", analysis=analysis)
        return pooling(spec).pool(spec, self._extracts("pool", analysis))

    def _explore(self, analysis: str) -> Any:
        pooled = self.pool(analysis)
        spec = self.plan.content("explore", analysis=analysis)
        return exploring(pooled)(spec, pooled, self._extracts("explore", analysis))

    def number(self, analysis: str, quantity: str) -> float:
        """Return one number of a result file; `sqrt` before its name is the square root."""
        root, _, path = quantity.rpartition(" ")
        explored = path.startswith(EXPLORE)
        value = self.explore(analysis) if explored else self.pool(analysis)
        for key in path.removeprefix(EXPLORE).split("."):
            value = value[int(key)] if key.isdigit() and not isinstance(value, Mapping) else value[key]
        return math.sqrt(value) if root == "sqrt" else float(value)


def methods_of(analysis: Mapping[str, Any]) -> Iterator[str]:
    """Yield the measure of an analysis and what else says how it is done."""
    model = analysis.get("model", {})
    yield analysis["measure"]
    yield from (name for key, name in NAMED.items() if key in analysis)
    if "dependence" in analysis:
        yield {"multilevel": "three levels", "che": "CHE"}.get(analysis["dependence"]["method"], "dependent effects")
    if "likelihood" in model:
        yield f"GLMM {model.get('glmm', '')}".strip()
    elif "common" in model:
        yield model["common"]
    elif "tau2" in model:
        yield str(model["tau2"])
    if "inference" in model:
        yield model["inference"]


def small_study_of(numbers: Mapping[str, str]) -> Iterator[str]:
    """Yield what of explore the numbers are of."""
    for quantity in numbers:
        if EXPLORE in quantity:
            place = quantity.split(EXPLORE)[1].split(".")
            yield (place[1] if place[0] == "small_study" else place[0]).replace("_", " ")


@cache
def redone(name: str) -> DataSet:
    """Return a data set with the numbers as printed and ours."""
    folder = HERE / name
    content = yaml.safe_load((folder / "published.yaml").read_text("utf-8"))
    with contextlib.chdir(folder):
        results = Results(folder)
        analyses = tuple(
            Analysis(
                entry["analysis"],
                entry["place"],
                entry["call"],
                tuple(
                    Number(
                        entry["analysis"],
                        quantity,
                        printed,
                        results.number(entry["analysis"], quantity),
                        entry.get("differs", {}).get(quantity, ""),
                    )
                    for quantity, printed in entry["numbers"].items()
                ),
            )
            for entry in content["published"]
        )
    wanted = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))["analyses"]
    methods = dict.fromkeys(
        method
        for entry in content["published"]
        for method in (*methods_of(wanted[entry["analysis"]]), *small_study_of(entry["numbers"]))
    )
    return DataSet(name, content["data"], content["source"], tuple(methods), analyses)
