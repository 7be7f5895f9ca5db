"""The texts that records quote: files such as sources/jama2021.txt, with the SHA-256 of each in texts.yaml beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice.core.documents import why_not_read, words_in
from coppice.core.errors import BadInput, CoppiceError, Problem
from coppice.core.schema import Finding, Key, MapOf, Object, Text
from coppice.core.study import Study
from coppice.core.text_numbers import comparable
from coppice.review.config_file import Reading, display_name
from coppice.review.keys.config import DEFAULT_STUDIES
from coppice.review.record import to_problems
from coppice.review.sources import folder_beside
from coppice.review.strict_yaml import leads_outside, load

FOLDER, LOCK = "sources", "texts.yaml"
SHA256 = Text(r"[0-9a-f]{64}", "of 64 hexadecimal digits, as sha256sum prints them", 64)
LOCKED = MapOf(
    Object(
        (
            Key("sha256", SHA256, "SHA-256 of the text as it was read", required=True),
            Key("note", Text(), "What the text is, or why it is not here"),
        )
    )
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text that records quote: what was recorded of it, and what is there now."""

    name: str  # as records name it
    recorded: str | None = None  # the SHA-256 in texts.yaml
    sha256: str | None = None  # that of the file; None where it is not here
    words: str = ""  # its text, comparable
    problem: str = ""  # why it can't be read
    note: str | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is known by its SHA-256 alone."""
        return self.sha256 is None and not self.problem

    @property
    def changed(self) -> str:
        """How it differs from what was recorded; empty where it does not."""
        if None in (self.recorded, self.sha256) or self.recorded == self.sha256:
            return ""
        return (
            f"has changed since its SHA-256 was recorded ({short(self.recorded)} in {LOCK}, {short(self.sha256)} now); "
            f"read its figures again, then write `sha256: {self.sha256}`"
        )


def short(sha256: str | None) -> str:
    """Return the beginning of a hash, by which people know it."""
    return str(sha256)[:12]


def names_in(studies: Iterable[Study]) -> list[str]:
    """Return the texts that records quote, in the order of their names."""
    figures = (figure for study in studies for content in study.outcomes.values() for figure in content["reported"])
    return sorted({source["text"] for figure in figures if (source := figure.get("source") or {}).get("text")})


def read_texts(
    studies: Iterable[Study], reading: Reading, configurations: Sequence[Path]
) -> tuple[dict[str, SourceText], list[Problem]]:
    """Return the texts that records quote by name, and what is wrong with the files that record their SHA-256.

    A name is a path within the working directory, the folder of the configuration, or the one beside the records.
    """
    texts: dict[str, SourceText] = {}
    problems = list(reading.problems_of(folder_findings(reading)))
    locks: dict[Path, Mapping[str, Mapping[str, str]]] = {}
    for name in names_in(studies):
        base = base_of(name, reading.data, configurations)
        file = base / name
        lock = file.parent / LOCK
        if lock not in locks:
            locks[lock], wrong = read_lock(lock)
            problems += wrong
        texts[name] = source_text(name, file, base, locks[lock].get(file.name))
    return texts, problems


def base_of(name: str, settings: Mapping[str, Any], configurations: Sequence[Path]) -> Path:
    """Return the folder within which a text is named: the working directory, that of the configuration, or that of the records."""
    bases = (Path(), folder_beside(configurations), Path(str(settings.get("studies") or DEFAULT_STUDIES)).parent)
    return next((base for base in bases if (base / name).exists() or (base / name).with_name(LOCK).exists()), bases[0])


def folder_of(settings: Mapping[str, Any], configurations: Sequence[Path]) -> Path:
    """Return the folder of a review's texts: the one that the configuration names, or where records name theirs."""
    return (
        Path(str(settings["texts"]))
        if settings.get("texts")
        else base_of(f"{FOLDER}/{LOCK}", settings, configurations) / FOLDER
    )


def folder_findings(reading: Reading) -> Iterator[Finding]:
    """Yield what is wrong with the folder that the configuration names."""
    if reading.is_sound("texts") and not Path(str(reading.data["texts"])).is_dir():
        yield ("texts",), f"'{reading.data['texts']}' is not a folder; name the folder of the texts, or leave it out"


def lock_files(names: Iterable[str], settings: Mapping[str, Any], configurations: Sequence[Path]) -> list[Path]:
    """Return the files that record the SHA-256 of texts."""
    files = ((base_of(name, settings, configurations) / name).with_name(LOCK) for name in names)
    return [file for file in dict.fromkeys(files) if file.is_file()]


def read_lock(file: Path) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """Return what a texts.yaml records of each text, and what is wrong with it; both empty where the file is missing."""
    if leads_outside(file):
        return {}, [Problem(file.as_posix(), 0, "", "is a link that leads out of its folder")]
    if not file.exists():
        return {}, []
    name = display_name(file)
    try:
        document = load(file, name)
    except BadInput as error:
        return {}, list(error.problems)
    if problems := list(to_problems(LOCKED.findings(document.data or {}, ()), name, document.lines)):
        return {}, problems
    return document.data or {}, []


def source_text(name: str, file: Path, base: Path, locked: Mapping[str, str] | None) -> SourceText:
    """Return a text as it is now; its content where it is here and can be read."""
    recorded, note = (locked or {}).get("sha256"), (locked or {}).get("note")
    if problem := why_unreadable(file, base):
        return SourceText(name, recorded, problem=problem)
    if not file.exists():
        missing = f"is not there, and no SHA-256 in {LOCK} names it; add the file, or its SHA-256 if it can't be shared"
        return SourceText(name, recorded, note=note, problem="" if recorded else missing)
    content = file.read_bytes()
    try:
        words = comparable(words_in(content, file.suffix).text)
    except CoppiceError as error:
        return SourceText(name, recorded, problem=str(error))
    return SourceText(name, recorded, hashlib.sha256(content).hexdigest(), words, note=note)


def why_unreadable(file: Path, base: Path) -> str:
    """Return why a file is not read; empty where nothing speaks against it."""
    if not file.exists() and not file.is_symlink():
        return ""
    try:
        inside = base.resolve() in file.resolve().parents
    except (OSError, RuntimeError):  # a link that leads to itself
        inside = False
    if not inside:
        return "is a link that leads out of the review"
    return why_not_read(file) if file.is_file() else "is not a file"


def notes(texts: Mapping[str, SourceText], quoted: Mapping[str, int]) -> Iterator[str]:
    """Yield what to know of the texts apart from findings: which are not here, and which have no SHA-256."""
    for name, text in texts.items():
        figures = f"{quoted[name]} figure{'' if quoted[name] == 1 else 's'}"
        if text.is_elsewhere:
            yield f"{name}: not available here (SHA-256 {short(text.recorded)}), quoted by {figures}"
        elif text.sha256 and not text.recorded:
            yield (
                f"{name}: no SHA-256 is recorded, so that a change of it would not be noticed; add to {LOCK} beside it: "
                f"`{Path(name).name}: {{sha256: {text.sha256}}}`"
            )
