"""One bad input: a review in which one thing is wrong, and its messages."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coppice.core.errors import BadInput
from coppice.review.review import load

CONFIGURATION = {"review": "{title: T}", "studies": "studies", "analyses": "{os: {measure: HR}}"}
FIGURE = "{statistic: hazard_ratio, estimate: 0.70, ci: [0.50, 0.98], source: {report: p}}"
RECORD = {
    "study": "ONE",
    "year": "2020",
    "design": "randomised",
    "characteristics": "{setting: relapse, age: 40}",
    "reports": "{p: {citation: C}}",
    "outcomes": f"{{os: {{reported: [{FIGURE}]}}}}",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One bad input.

    Attributes
    ----------
    name : str
        What is wrong, in a few words.
    shown : str
        The part of the input that is wrong, as it stands on the page.
    files : mapping
        Every file of the review: its text or its bytes by name.
    """

    name: str
    shown: str
    files: Mapping[str, str | bytes]

    def messages(self) -> list[str]:
        """Return its messages; none if it is taken for sound."""
        with review_folder(self.files):
            try:
                load([Path("config.yaml")], {})
            except BadInput as error:
                return list(map(str, error.problems))
        return []


@contextmanager
def review_folder(files: Mapping[str, str | bytes]) -> Iterator[None]:
    """Work in a folder of its own that holds these files."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def yaml_of(parts: Mapping[str, str]) -> str:
    """Return the text of a file whose keys have these texts as values."""
    return "".join(f"{key}: {value}\n" for key, value in parts.items())


def with_part(parts: Mapping[str, str], text: str) -> dict[str, str]:
    """Return the parts with one put in or replaced: ``key: value``, or ``-key`` to leave it out."""
    if text.startswith("-"):
        return {key: value for key, value in parts.items() if key != text[1:]}
    key, _, value = text.partition(":")
    return {**parts, key: value.strip()}


def review(configuration: str, record: str, other: str | None = None) -> dict[str, str | bytes]:
    """Return the files of a review of two studies, of which the first may be wrong."""
    sound = yaml_of(RECORD | {"study": "TWO"})
    return {"config.yaml": configuration, "studies/ONE.yaml": record, "studies/TWO.yaml": other or sound}


def in_configuration(name: str, text: str) -> Case:
    """Return a case of a wrong key or value at the top of the configuration."""
    shown = f"no {text[1:]}" if text.startswith("-") else text
    return Case(name, shown, review(yaml_of(with_part(CONFIGURATION, text)), yaml_of(RECORD)))


def in_analysis(name: str, text: str) -> Case:
    """Return a case of a wrong key or value in an analysis."""
    measure = "" if text.startswith("measure:") else "measure: HR, "
    analyses = with_part(CONFIGURATION, f"analyses: {{os: {{{measure}{text}}}}}")
    return Case(name, text, review(yaml_of(analyses), yaml_of(RECORD)))


def in_record(name: str, text: str) -> Case:
    """Return a case of a wrong key or value at the top of a record."""
    shown = f"no {text[1:]}" if text.startswith("-") else text
    return Case(name, shown, review(yaml_of(CONFIGURATION), yaml_of(with_part(RECORD, text))))


def in_outcome(name: str, text: str) -> Case:
    """Return a case of a wrong outcome."""
    record = with_part(RECORD, f"outcomes: {{os: {{{text}}}}}")
    return Case(name, text, review(yaml_of(CONFIGURATION), yaml_of(record)))


def in_figure(name: str, text: str, *, source: bool = True) -> Case:
    """Return a case of a wrong figure."""
    about = ", source: {report: p}" if source else ""
    record = with_part(RECORD, f"outcomes: {{os: {{reported: [{{{text}{about}}}]}}}}")
    return Case(name, text, review(yaml_of(CONFIGURATION), yaml_of(record)))


def in_table(name: str, *rows: str, measure: str = "RR", more: str = "") -> Case:
    """Return a case of a wrong table; `more` is what the configuration says besides."""
    parts = CONFIGURATION | {"studies": "studies.csv", "analyses": f"{{os: {{measure: {measure}}}}}"}
    configuration = yaml_of(with_part(parts, more) if more else parts)
    shown = " / ".join(rows) + (f"; {more}" if more else "")
    return Case(name, shown, {"config.yaml": configuration, "studies.csv": "\n".join(rows) + "\n"})


def in_file(name: str, shown: str, content: str | bytes, file: str = "studies/ONE.yaml") -> Case:
    """Return a case of a file that can't be read."""
    files = review(yaml_of(CONFIGURATION), yaml_of(RECORD))
    if file.startswith("studies."):
        files = {"config.yaml": yaml_of(CONFIGURATION | {"studies": file})}
    return Case(name, shown, files | {file: content})
