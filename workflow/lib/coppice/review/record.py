"""Study records: reading them, and finding everything that is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, Problem, allowed_values_hint
from coppice.core.limits import DOMAINS, FIGURES, FIGURES_IN_ALL, FINDINGS, ID_LENGTH, LONGEST_WORD, NAME_LENGTH
from coppice.core.populations import within
from coppice.core.printed_number import PrintedNumber
from coppice.core.reported_statistics import STATISTICS
from coppice.core.risk_of_bias import assessment_findings
from coppice.core.schema import (
    NAME,
    Choice,
    Finding,
    Key,
    ListOf,
    MapOf,
    Nullable,
    Number,
    Object,
    Place,
    Scalar,
    Shape,
    Text,
    quoted,
)
from coppice.core.study import DESIGNS, Study
from coppice.review.arms import ArmsShape, arm_findings, with_names
from coppice.review.figure_keys import ACCEPT, FIGURE_SHAPES
from coppice.review.strict_yaml import load

ID = Text(r"[A-Za-z0-9][A-Za-z0-9_-]*", "letters, digits, - and _, beginning with a letter or digit", ID_LENGTH)
POPULATION = Text(
    r"[^/\s][^/]*(/[^/\s][^/]*){0,9}", "a path such as TRIAL or TRIAL/stratum, of at most ten steps", NAME_LENGTH
)


class FigureShape:
    """The shape of one reported figure: its statistic says which fields it has."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield what is wrong with the figure, its statistic's rules included."""
        if not isinstance(value, Mapping):
            yield place, "is not a mapping; write {statistic: ..., ...}"
            return
        name = value.get("statistic")
        if not isinstance(name, str) or name not in STATISTICS:
            yield (*place, "statistic"), f"{quoted(name)} is not known; {allowed_values_hint(name, STATISTICS)}"
            return
        wrong = list(islice(FIGURE_SHAPES[name].findings(value, place), FINDINGS))
        yield from wrong
        if not wrong:
            for rule in STATISTICS[name].rules:
                yield from ((((*place, key), message) for key, message in rule(value)))

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema: one alternative a statistic."""
        alternatives = []
        for name, shape in FIGURE_SHAPES.items():
            schema = shape.schema()
            schema["properties"]["statistic"] = {"const": name, "description": STATISTICS[name].description}
            alternatives.append(schema)
        return {"oneOf": alternatives}


REPORT = Object(
    (
        Key("citation", Text(), "Authors, journal, year, pages", required=True),
        Key("pmid", Nullable(Text()), "PubMed number"),
        Key("pmcid", Nullable(Text()), "PubMed Central number"),
        Key("doi", Nullable(Text()), "Digital object identifier"),
        Key("url", Nullable(Text()), "Address of a report without any of these"),
        Key("note", Nullable(Text()), "Anything a reader should know of it"),
    )
)

OUTCOME = Object(
    (
        Key("definition", Nullable(Text()), "The outcome as the study defines it"),
        Key("population", POPULATION, "Its patients, as a path. Default: those of the study"),
        Key("route", Text(), "Name of the route to take in place of the one of best rank"),
        Key(
            "reported",
            ListOf(FigureShape(), most=FIGURES),
            "Every figure of it, in every form in which it was reported",
            required=True,
        ),
        Key("note", Nullable(Text()), "Anything a reader should know; the reason where nothing is reported"),
        ACCEPT,
    )
)

DOMAINS_KEY = Key("domains", MapOf(NAME, most=DOMAINS), "Judgement in each domain, by its short name (D1) or its name")
JUDGEMENT_KEYS = (
    Key("overall", Nullable(NAME), "Overall judgement; null for a tool without one, such as QUADAS-2 or RoB 1"),
    Key("note", Nullable(Text()), "Reasons"),
)
RISK_OF_BIAS = Object(
    (
        Key("tool", NAME, "RoB 2, ROBINS-I, ...", required=True),
        DOMAINS_KEY,
        *JUDGEMENT_KEYS,
        Key(
            "by_outcome",
            MapOf(Object((replace(DOMAINS_KEY, required=True), *JUDGEMENT_KEYS)), ID),
            "Judgements of single outcomes, by their keys in `outcomes`, in place of the study's in the analyses of them",
        ),
    )
)

RECORD = Object(
    (
        Key("study", ID, "The study's id, also the file's name", required=True),
        Key("label", NAME, "The study's name in figures and tables. Default: its id"),
        Key("year", Nullable(Number(low=1800, high=2200, whole=True)), "Year of the main report"),
        Key(
            "design",
            Nullable(Choice(lambda: DESIGNS)),
            "Design of the comparison; null where it is not known",
            required=True,
        ),
        Key(
            "population",
            POPULATION,
            "Its patients, as a path. Two effects with the same path, or one above the other, are never pooled together. Default: its id",
        ),
        Key("characteristics", MapOf(Scalar()), "What analyses select, group and adjust by"),
        Key(
            "arms",
            ArmsShape(ID),
            "The arms: `experimental` and `control`, or any keys, each arm with its treatment",
        ),
        Key("reports", MapOf(REPORT), "Every report of the study", required=True),
        Key("outcomes", MapOf(OUTCOME, ID), "What was reported, by outcome", required=True),
        Key("risk_of_bias", Nullable(RISK_OF_BIAS), "Judgements made by people; null prints as 'not assessed'"),
        Key("note", Nullable(Text()), "Anything a reader should know of the study"),
        ACCEPT,
    )
)


def source_findings(record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield figures without a source, and figures whose source names a report that the record doesn't list."""
    reports = record["reports"]
    for outcome, content in record["outcomes"].items():
        for index, figure in enumerate(content["reported"]):
            place: Place = ("outcomes", outcome, "reported", index)
            report = (figure.get("source") or {}).get("report")
            if report is None:
                yield place, "'source' with its report is missing: every figure needs its source"
            elif str(report) not in reports:
                message = f"no report '{report}' in this record; {allowed_values_hint(report, reports)}"
                yield (*place, "source", "report"), message
            named = [key for key in ("text", "quote") if (figure.get("source") or {}).get(key) is not None]
            if len(named) == 1:
                other = {"text": "quote", "quote": "text"}[named[0]]
                yield (*place, "source", named[0]), f"has no '{other}' beside it: a quote and its text go together"


def population_findings(record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield populations of outcomes and figures that do not lie within the study's."""
    own = str(record.get("population") or record["study"])
    for outcome, content in record["outcomes"].items():
        base = str(content.get("population") or own)
        if not within(base, own):
            yield ("outcomes", outcome, "population"), f"'{base}' is not within the study's own '{own}'"
        for index, figure in enumerate(content["reported"]):
            place: Place = ("outcomes", outcome, "reported", index)
            population = str(figure.get("population") or base)
            if not within(population, base):
                yield (*place, "population"), f"'{population}' is not within the outcome's own '{base}'"


def bias_findings(record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the judgements of the risk of bias: what their tool lacks, and outcomes the record lacks."""
    item = record.get("risk_of_bias") or {}
    for place, message in assessment_findings(item):
        yield ("risk_of_bias", *place), message
    for outcome in item.get("by_outcome") or {}:
        if outcome not in record["outcomes"]:
            message = f"no outcome '{outcome}' in this record; {allowed_values_hint(outcome, record['outcomes'])}"
            yield ("risk_of_bias", "by_outcome", outcome), message


def to_problems(findings: Iterable[Finding], file: str, lines: Mapping[Place, int]) -> Iterator[Problem]:
    """Turn findings into problems with file and line; of very many the first."""
    for place, message in islice(findings, FINDINGS):
        part = place
        while part and part not in lines:
            part = part[:-1]
        yield Problem(file, lines.get(part, 0), ".".join(map(shortened, place)), message)


def shortened(part: object) -> str:
    """Return a part of a place as it is named in messages, truncated if implausibly long."""
    text = str(part)
    return text if len(text) <= LONGEST_WORD else f"{text[:LONGEST_WORD]}..."


def text_keys(shape: Shape, value: Any) -> Any:
    """Return the value with numbers turned into text wherever the shape asks for text."""
    plain = value
    match shape:
        case Nullable(item=item):
            plain = None if value is None else text_keys(item, value)
        case Text():
            plain = value.text if isinstance(value, PrintedNumber) else str(value)
        case Object(names=names):
            plain = {name: text_keys(names[name].shape, part) for name, part in value.items()}
        case MapOf(item=item):
            plain = {name: text_keys(item, part) for name, part in value.items()}
        case ListOf(item=item):
            plain = [text_keys(item, part) for part in value]
        case ArmsShape():
            plain = text_keys(shape.of(value), value)
        case FigureShape():
            plain = text_keys(FIGURE_SHAPES[value["statistic"]], value)
    return plain


def all_findings(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield all that is wrong with a record: first its shape, then, if that is sound, contradictions between its parts."""
    of_shape = list(islice(RECORD.findings(data, ()), FINDINGS))
    yield from of_shape
    figures = 0 if of_shape else sum(len(content["reported"]) for content in data["outcomes"].values())
    if figures > FIGURES_IN_ALL:
        yield ("outcomes",), f"{figures:,} figures in all; {FIGURES_IN_ALL:,} at most"
    elif not of_shape:
        yield from source_findings(data)
        yield from population_findings(data)
        yield from arm_findings(data)
        yield from bias_findings(data)


def build(data: Mapping[str, Any], file: str, lines: Mapping[Place, int], *, stem: str | None = None) -> Study:
    """Return the study of a record, whose id must equal the `stem` of its file; raises BadInput with all problems."""
    problems = list(to_problems(all_findings(data), file, lines))
    if not problems and stem is not None and str(data["study"]) != stem:
        message = f"'{data['study']}' is not the file's name; name the file {data['study']}.yaml"
        problems.append(Problem(file, lines.get(("study",), 0), "study", message))
    if problems:
        raise BadInput(named(problem_, data) for problem_ in problems)
    return study_of(data, file, lines)


def study_of(data: Mapping[str, Any], file: str, lines: Mapping[Place, int]) -> Study:
    """Return the study of a record with which nothing is wrong."""
    record = text_keys(RECORD, data)
    study = record["study"]
    return Study(
        study=study,
        label=record.get("label", study),
        year=record.get("year"),
        design=record["design"],
        population=record.get("population", study),
        characteristics=record.get("characteristics", {}),
        arms=with_names(record.get("arms", {})),
        reports=record["reports"],
        outcomes=record["outcomes"],
        risk_of_bias=record.get("risk_of_bias"),
        note=record.get("note"),
        file=file,
        accept=record.get("accept", {}),
        lines=dict(lines),
    )


def named(item: Problem, data: Any) -> Problem:
    """Return the problem with the study's id before its place."""
    study = data.get("study") if isinstance(data, Mapping) else None
    if study is None or item.where == "study":
        return item
    name = shortened(study) if isinstance(study, str | int | float) else quoted(study)
    return Problem(item.file, item.line, f"{name}: {item.where}" if item.where else name, item.message)


def read_study(path: Path, file: str | None = None) -> Study:
    """Read one study record from a YAML file; see `build`."""
    name = file or path.as_posix()
    document = load(path, name)
    if document.data is None:
        raise BadInput(
            [Problem(name, 0, "", "the file is empty; `python -m coppice new-study` writes a record to fill in")]
        )
    if isinstance(document.data, Mapping) and document.data.get("status") == "proposed":
        message = f"'proposed': is a draft, not a record; `python -m coppice accept {path.stem}` moves its figures into a record"
        raise BadInput([Problem(name, document.lines.get(("status",), 0), "status", message)])
    return build(document.data, name, document.lines, stem=path.stem)
