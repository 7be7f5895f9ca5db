"""YAML as records need it: YAML 1.2 scalars, line numbers, and nothing that surprises.

Built on the events of PyYAML's C parser, because composition itself happens in C, out of reach: duplicate keys,
anchors, aliases, tags and several documents are refused here, and `no`, `20120215` and `2021-03-02` are what they look like.
"""

from __future__ import annotations

import math
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from coppice.core.errors import BadInput, Problem
from coppice.core.limits import FINDINGS, NUMBER_DIGITS, TEXT_BYTES, YAML_DEPTH, YAML_VALUES, megabytes
from coppice.core.printed_number import number_from

Path_ = tuple[str | int, ...]

NULLS = {"", "~", "null", "Null", "NULL"}
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]+$")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")

FIRST_PROBLEMS = 20  # that are shown of a file that is given up

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """What a YAML file holds, and the line of each of its parts."""

    data: Any = None  # dictionaries with text keys, lists and scalars
    # from the path of a part, a tuple of keys and indices, to its line, counted from 1
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int:
        """Return the line of `path`, or of the nearest part above it that is there; 0 if the file has none."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def scalar(text: str) -> str | int | float | bool | None:
    """Return the value of a plain scalar by YAML 1.2's core schema; infinities and NaN stay text."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if len(text) <= NUMBER_DIGITS:
        if INTEGER.match(text):
            return int(text)
        if FLOAT.match(text) and math.isfinite(float(text)):
            return number_from(text)
    return text


class _Builder:
    """Builds one document from the parser's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.document = Document()
        self.problems: list[Problem] = []
        self.count = 0

    def stop(self, mark: Any, message: str) -> NoReturn:
        """Give the file up."""
        raise BadInput([*self.problems[:FIRST_PROBLEMS], Problem(self.file, mark.line + 1, "", message)])

    def refuse(self, mark: Any, where: Path_, message: str) -> None:
        if len(self.problems) < FINDINGS:
            self.problems.append(Problem(self.file, mark.line + 1, ".".join(map(str, where)), message))

    def build(self, events: Any) -> None:
        starts = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                starts += 1
                if starts > 1:
                    self.refuse(event.start_mark, (), "a second document ('---') begins; a file holds one")
                    return
            elif isinstance(event, yaml.NodeEvent):
                self.document.data = self.node(event, events, ())

    def node(self, event: Any, events: Any, path: Path_) -> Any:
        self.document.lines.setdefault(path, event.start_mark.line + 1)
        self.count += 1
        if self.count > YAML_VALUES:
            self.stop(event.start_mark, f"holds more than {YAML_VALUES} values")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self.refuse(event.start_mark, path, "anchors and aliases (& and *) are not used here; write the value out")
        if getattr(event, "tag", None) is not None:
            self.refuse(event.start_mark, path, f"the tag {event.tag} is not used here; write the value without it")
        if len(path) > YAML_DEPTH:
            self.stop(event.start_mark, f"nested deeper than {YAML_DEPTH} levels")
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self.node(item, events, (*path, len(items))))
            return items
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, path)
        return None

    def mapping(self, events: Any, path: Path_) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            name = key.value if isinstance(key, yaml.ScalarEvent) else ""
            here = (*path, name)
            if not isinstance(key, yaml.ScalarEvent):
                self.refuse(key.start_mark, path, "a key must be plain text")
                self.node(key, events, here)
            elif name == "<<":
                self.refuse(key.start_mark, path, "merge keys (<<) are not used here; write the values out")
            elif name in entries:
                self.refuse(key.start_mark, here, f"the key is there twice, first in line {self.document.lines[here]}")
            self.document.lines.setdefault(here, key.start_mark.line + 1)
            entries[name] = self.node(next(events), events, here)
        return entries


def loads(text: str, file: str) -> Document:
    """Read one YAML document; raises BadInput if it is not valid YAML, or holds anything that this reader refuses."""
    builder = _Builder(file)
    try:
        builder.build(yaml.parse(text, Loader=PARSER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.problems.append(
            Problem(file, mark.line + 1 if mark else 0, "", f"not valid YAML: {error.problem or error.context}")
        )
    except yaml.reader.ReaderError as error:
        builder.problems.append(Problem(file, 0, "", f"not valid YAML: {error.reason} at character {error.position}"))
    if builder.problems:
        raise BadInput(builder.problems)
    return builder.document


def leads_outside(file: Path) -> bool:
    """Return whether a file is a link that leads out of its folder, as to a device or a secret."""
    try:
        return file.is_symlink() and file.parent.resolve() not in file.resolve().parents
    except RuntimeError:  # a link that leads to itself
        return True


def read_text(path: Path, file: str) -> str:
    """Return the text of a file, or raise BadInput if it is missing, too large or not UTF-8."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise BadInput([Problem(file, 0, "", "is not a plain file")])  # a device or a pipe never ends
        if state.st_size > TEXT_BYTES:
            raise BadInput([Problem(file, 0, "", f"larger than {megabytes(TEXT_BYTES)}")])
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput([Problem(file, 0, "", f"can't be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise BadInput([Problem(file, 0, "", f"not UTF-8 text: {error.reason} at byte {error.start}")]) from None


def load(path: Path, file: str | None = None) -> Document:
    """Read a YAML file; see `loads`."""
    name = file or path.as_posix()
    return loads(read_text(path, name), name)
