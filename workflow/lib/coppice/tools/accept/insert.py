"""A figure put into the text of a record: comments and order of the record stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from coppice.core.errors import CoppiceError
from coppice.core.printed_number import PrintedNumber
from coppice.review.figure_keys import SOURCE
from coppice.tools.draft.record import quoted, scalar

RECORD = """\
study: {study}
label: {study}
design: null
reports:
  text: {{citation: {citation}}}
outcomes: {{}}
"""


def new_record(study: str, draft: Mapping[str, Any]) -> str:
    """Return the text of a record without figures, for a study that has none yet."""
    name = quoted(study) if study.isdigit() else study
    text = RECORD.format(study=name, citation=quoted(str(draft["text"])))
    arms = draft.get("arms") or {}
    if arms.get("experimental"):
        lines = [
            f"  {role}: {{name: {quoted(str(arms[role][0]))}}}"
            for role in ("experimental", "control")
            if arms.get(role)
        ]
        text = text.replace("reports:\n", "arms:\n" + "\n".join(lines) + "\nreports:\n")
    return text


def printed(value: Any) -> Any:
    """Return a number with the digits that the draft prints."""
    if isinstance(value, list):
        return [None if item is None else str(printed(item)) for item in value]
    if isinstance(value, PrintedNumber):
        return value.text
    if isinstance(value, float):
        return f"{value:g}" if abs(value) >= 1e-4 else f"{value:.12f}".rstrip("0")
    return value


def figure_lines(figure: Mapping[str, Any], report: str, indent: str) -> list[str]:
    """Return the lines of a figure in a record: its fields, and its source with the keys that a record knows."""
    lines = [f"{indent}- statistic: {figure['statistic']}"]
    lines += [
        f"{indent}  {key}: {scalar(printed(value))}"
        for key, value in figure.items()
        if key not in ("statistic", "source", "proposed")
    ]
    given = {
        "report": report,
        "at": figure["source"]["at"],
        "text": figure["source"]["text"],
        "quote": figure["source"]["quote"],
    }
    keys = {key.name for key in SOURCE.keys}
    body = ", ".join(
        f"{key}: {value if key == 'report' else quoted(str(value))}" for key, value in given.items() if key in keys
    )
    lines.append(f"{indent}  source: {{{body}}}")
    return lines


def child(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Return key and value of a mapping by name."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((key, value) for key, value in node.value if key.value == name), None)


def is_empty(node: yaml.Node) -> bool:
    """Return whether a node holds nothing: {}, [] or null."""
    return not node.value or node.tag == "tag:yaml.org,2002:null"


def is_flow(node: yaml.Node) -> bool:
    """Return whether a node is written in brackets."""
    return bool(getattr(node, "flow_style", False))


def inserted(text: str, outcome: str, figure: Mapping[str, Any], file: str) -> str:  # noqa: PLR0911
    """Return the text of a record with one figure more.

    Parameters
    ----------
    text : str
        The record.
    outcome : str
        The key of the outcome; it is added where the record lacks it.
    figure : mapping
        The figure as the draft has it.
    file : str
        The text that it was read in: a report of the record.
    """
    root = yaml.compose(text)
    text, report = with_report(text, root, file)
    root = yaml.compose(text)
    outcomes = child(root, "outcomes")
    if outcomes is None:
        return text.rstrip("\n") + "\noutcomes:\n" + block(outcome, figure, report)
    key, value = outcomes
    if is_empty(value):
        return replaced(text, key, value, "outcomes:\n" + block(outcome, figure, report))
    of_outcome = child(value, outcome)
    if of_outcome is None:
        first = value.value[0][0].start_mark
        return (
            f"{text[: first.index]}{block(outcome, figure, report).lstrip()}{' ' * first.column}{text[first.index :]}"
            if first.column == 2
            else refused(outcome)
        )
    reported = child(of_outcome[1], "reported")
    if reported is None or is_flow(of_outcome[1]):
        return refused(outcome)
    name, items = reported
    indent = " " * (name.start_mark.column + 2)
    lines = "\n".join(figure_lines(figure, report, indent)) + "\n"
    if is_empty(items):
        return replaced(text, name, items, "reported:\n" + lines)
    if is_flow(items):
        return refused(outcome)
    start = items.start_mark
    indent = " " * start.column
    lines = "\n".join(figure_lines(figure, report, indent)) + "\n"
    begin = text.rfind("\n", 0, start.index) + 1
    return text[:begin] + lines + text[begin:]


def refused(outcome: str) -> str:
    """Refuse to write into a record whose outcome is not written in blocks."""
    raise CoppiceError(
        f"outcomes.{outcome}: is not written in indented lines, so that a figure can't be put into it; write it as `reported:` with a line for each figure"
    )


def block(outcome: str, figure: Mapping[str, Any], report: str) -> str:
    """Return the lines of a new outcome with one figure."""
    return "\n".join([f"  {outcome}:", "    reported:", *figure_lines(figure, report, "      ")]) + "\n"


def replaced(text: str, key: yaml.Node, value: yaml.Node, by: str) -> str:
    """Return the text with a key and its empty value replaced; what follows on the line goes with it."""
    end = text.find("\n", value.end_mark.index)
    return text[: key.start_mark.index] + by + ("" if end < 0 else text[end + 1 :])


def with_report(text: str, root: yaml.Node | None, file: str) -> tuple[str, str]:
    """Return the record with the text among its reports, and the key of that report."""
    reports = child(root, "reports")
    citation = quoted(file)
    if reports is None:
        return text.rstrip("\n") + f"\nreports:\n  text: {{citation: {citation}}}\n", "text"
    key, value = reports
    taken: dict[str, str] = {}
    if isinstance(value, yaml.MappingNode):
        for name, content in value.value:
            cited = child(content, "citation")
            taken[name.value] = cited[1].value if cited else ""
    report = next((name for name, cited in taken.items() if cited == file), "")
    if report:
        return text, report
    report = next(name for name in ("text", *(f"text{number}" for number in range(2, 10_000))) if name not in taken)
    line = f"{report}: {{citation: {citation}}}"
    if is_empty(value):
        return replaced(text, key, value, f"reports:\n  {line}\n"), report
    if is_flow(value):
        raise CoppiceError("reports: is not written in indented lines, so that a report can't be added to it")
    first = value.value[0][0].start_mark
    if not re.fullmatch(r" *", text[text.rfind("\n", 0, first.index) + 1 : first.index]):
        raise CoppiceError("reports: is not written in indented lines, so that a report can't be added to it")
    return f"{text[: first.index]}{line}\n{' ' * first.column}{text[first.index :]}", report
