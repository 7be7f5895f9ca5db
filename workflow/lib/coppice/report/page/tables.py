"""The tables of the review as a whole, each a pure function from results to HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from coppice import __version__
from coppice.core.risk_of_bias import tool_of
from coppice.core.roles import MAIN, ROLES
from coppice.report.page import html_elements, words
from coppice.report.page.extent import counted, heading_of, pooled_figures
from coppice.report.page.html_elements import Html, absent, tag
from coppice.report.page.table import Column, number, table, table_of
from coppice.report.report_data import AnalysisView, Record, ReviewView, arm_of, figures_of

LONGEST_CELL = 26  # characters; a longer value is printed below the table, where it does not widen a column
WORD = re.compile(r"[\w-]+")


def summary(review: ReviewView) -> Html:
    """Build the table of all analyses: studies, patients, estimate, prediction, heterogeneity."""

    def linked(analysis: AnalysisView) -> Html:
        role = "" if analysis.role == MAIN else f" ({ROLES[analysis.role]})"
        return html_elements.join([tag("a", analysis.title, href=f"#{analysis.id}"), role])

    def estimate(analysis: AnalysisView) -> object:
        main = analysis.pool["random"]
        return f"{words.labelled(analysis, main)}{words.caution(analysis)}" if main else _by_subgroup(analysis)

    def predicted(analysis: AnalysisView) -> str:
        limits = analysis.pool["prediction"]
        return words.interval(analysis, limits, "low", "high") if limits else words.DASH

    columns: list[Column[AnalysisView]] = [
        Column("Outcome", linked),
        number("Effects", lambda analysis: len(pooled_figures(analysis))),
        number(heading_of(review), partial(counted, review)),
        number(f"Random-effects estimate ({words.level_of_all(review.analyses)} CI)", estimate),
        number("Prediction interval", predicted),
        number(words.TAU2, lambda analysis: words.tau2(analysis, analysis.pool["heterogeneity"])),
        number(words.I2, lambda analysis: words.i2(analysis, analysis.pool["heterogeneity"])),
        Column("CI method", _intervals_by),
    ]
    return table_of("Results of all analyses.", review.analyses, columns, name="table-summary")


def _intervals_by(analysis: AnalysisView) -> str:
    """Name the method of the overall interval, or else those of the subtotals."""
    main = analysis.pool["random"]
    parts = [main] if main else [level["random"] for level in analysis.levels if level["random"]]
    return ", ".join(dict.fromkeys(map(words.interval_by, parts))) or words.DASH


def _by_subgroup(analysis: AnalysisView) -> Html:
    each = (f"{name}: {words.labelled(analysis, main)}" for name, main, _ in words.subtotals(analysis))
    return html_elements.lines(each) or html_elements.escape("not pooled")


def studies(review: ReviewView) -> Html:
    """Build the table of the studies: design, characteristics, number of patients.

    A characteristic has a column if at least half of the studies state it and no value is long; those that an analysis
    uses for subgroups come first.
    """
    everyone, keys = list(review.studies.values()), columns_of_characteristics(review)
    columns: list[Column[Record]] = [
        Column("Study", lambda study: html_elements.study_link(review.label(study["study"]), study["study"])),
        Column("Design", lambda study: words.readable(str(study.get("design") or words.NOT_STATED))),
        *(Column(name, partial(characteristic, key=key)) for key, name in zip(keys, _headings(keys), strict=True)),
        *(
            number(f"{_arm_name(everyone, arm)}, n", partial(_size, arm=arm))
            for arm in ("experimental", "control")
            if any(arm_of(study, arm).get("n") is not None for study in everyone)  # or it would hold dashes
        ),
    ]
    return table_of("Characteristics of the included studies.", everyone, columns, name="table-studies")


def _size(study: Record, arm: str) -> str:
    size = arm_of(study, arm).get("n")
    return words.DASH if size is None else f"{size:,}"


def _headings(keys: Sequence[str]) -> list[str]:
    """Return the headings of characteristics; a heading that occurs twice names its key."""
    read = [words.first_upper(words.readable(key)).strip() for key in keys]
    folded = [heading.casefold() for heading in ("Study", "Design", *read)]
    return [
        f"{heading} (characteristic {key})" if folded.count(heading.casefold()) > 1 else heading
        for heading, key in zip(read, keys, strict=True)
    ]


def columns_of_characteristics(review: ReviewView) -> list[str]:
    """Return the characteristics that have a column in the table of the studies."""
    everyone = list(review.studies.values())
    used = [subgroups["by"] for analysis in review.analyses if (subgroups := analysis.pool["subgroups"])]
    stated = [key for study in everyone for key in study.get("characteristics") or {}]
    return [
        key
        for key in dict.fromkeys([*used, *stated])
        if 2 * sum(characteristic(study, key) != words.DASH for study in everyone) >= len(everyone)
        and all(len(characteristic(study, key)) <= LONGEST_CELL for study in everyone)
    ]


def characteristic(study: Record, key: str) -> str:
    """Print a characteristic of a study."""
    value = (study.get("characteristics") or {}).get(key)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.DASH if value is None else str(value)


def _arm_name(everyone: Sequence[Record], arm: str) -> str:
    names = {arm_of(study, arm).get("name") for study in everyone} - {None}
    return str(names.pop()) if len(names) == 1 else arm.capitalize()


def study(review: ReviewView, key: str) -> Html:
    """Build the facts on a study that the table leaves out: long characteristics, reports, remarks, risk of bias."""
    record = review.studies[key]
    in_columns = {*columns_of_characteristics(review), "design"}
    facts: dict[str, object] = {
        words.first_upper(words.readable(name)): characteristic(record, name)
        for name in record.get("characteristics") or {}
        if name not in in_columns and characteristic(record, name) != words.DASH
    }
    reports = (record.get("reports") or {}).items()
    cited = [html_elements.join([tag("code", name), citation(report)], " ") for name, report in reports]
    facts["Reports"] = html_elements.bullets(cited, class_="tight")
    if record.get("note"):
        facts["Remarks"] = record["note"]
    facts["Risk of bias"] = risk_of_bias(review, record.get("risk_of_bias"))
    return html_elements.terms(facts, class_="facts")


def risk_of_bias(review: ReviewView, judged: Record | None) -> object:
    """Print the judgements on the risk of bias of a study and its outcomes, which come from people."""
    if not judged:
        return absent(words.NOT_ASSESSED)
    outcomes = judged.get("by_outcome") or {}
    named = {review.outcome(key): _judgement({**judged, **content}) for key, content in outcomes.items()}
    own = [_judgement(judged)] if judged.get("domains") or judged.get("overall") or not outcomes else []
    parts = [*own, *(f"{outcome}: {text}" for outcome, text in named.items())]
    return f"{judged.get('tool', 'tool not stated')}: {'; '.join(parts)}"


def _judgement(item: Record) -> str:
    """Print an overall judgement with those of the domains."""
    domains = "; ".join(f"{domain}: {judgement}" for domain, judgement in (item.get("domains") or {}).items())
    if domains and not item.get("overall") and not tool_of(item).has_overall:
        return domains
    return f"{item.get('overall') or words.NOT_ASSESSED} overall{f' ({domains})' if domains else ''}"


def citation(report: Record) -> Html:
    """Print a report's citation with its links."""
    links = (html_elements.pmid_link(report.get("pmid")), html_elements.doi_link(report.get("doi")))
    return html_elements.join([report.get("citation") or "", *links], " ")


def versions(review: ReviewView) -> Html:
    """Build the table of the software."""
    rows = sorted({"coppice": __version__, **(review.spec.get("versions") or {})}.items())
    return table("Software versions.", ("Package", "Version"), rows, name="table-versions")


def places(review: ReviewView) -> Html | None:
    """Build the list of the sources whose keys occur in remarks; None without any."""
    used = _words(review)
    every = {key: str(text) for key, text in (review.spec.get("sources") or {}).items()}
    named = [key for key in every if used.issuperset(WORD.findall(str(key)))]
    rows = [(tag("code", key), html_elements.linked(every[key])) for key in named]
    if not rows:
        return None
    caption = "Sources from which results were read, by the keys used in remarks and notes."
    listed = table(caption, ("Key", "Source"), rows, name="table-sources")
    return tag("details", tag("summary", f"Source keys ({len(rows)})"), listed)


def _words(review: ReviewView) -> set[str]:
    """Return the words of all remarks, in which keys of sources may occur."""
    texts: list[object] = [review.spec.get(part) for part in ("studies", "analyses", "review")]
    for extract in review.extracts.values():
        texts.append(extract["note"])
        texts += [(figure.get("source"), figure.get("note"), figure.get("use")) for figure in figures_of(extract)]
    return set(WORD.findall(repr(texts)))


def inputs(review: ReviewView) -> Html:
    """Build the table of the inputs and the SHA-256 of their content."""
    rows = [(name, tag("code", digest)) for name, digest in sorted((review.spec.get("inputs") or {}).items())]
    return table("Input files and their SHA-256 checksums.", ("Input", "SHA-256"), rows, name="table-inputs")
