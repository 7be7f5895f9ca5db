"""Find wording that the field does not use: `python -m tests.english [FOLDER ...]`, run by `make lint`.

Each pattern has the hint that replaces it. Lines that are right as they are go to `ALLOWED`, with the reason.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ("workflow/lib/coppice", "tests/bad_input")
HELD = (
    *LIBRARY,
    "docs",
    "config",
    "README.md",
    "CONTRIBUTING.md",
    "CITATION.cff",
    "Makefile",
)  # what `make lint` holds
SUFFIXES = {".py", ".md", ".smk", ".yaml", ".rst", ".html", ".cff", ""}
GENERATED = {
    "docs/bad_input.md",
    "docs/routes.md",
    "docs/checks.md",
    "docs/rulegraph.md",
    "docs/gallery.md",
    "docs/comparison.md",
}
PATTERNS = {
    r"\bif not said\b": "Default: ...",
    r"\bthat nobody has\b|\bthat there is not\b": "unknown ..., undefined ...",
    r"\bthere (?:is|are) none\b": "... is missing; no ... is available",
    r"(?<!there )\b(?:is|are) no (?:table|date|number|formula)\b": "is not a ...",
    r"\b(?:one|a) (?:row|record|line|value|phrase|entry|job|effect|submission) an? \w+": "per ...",
    r"\banew\b": "again",
    r"\bbesides,": "in addition",
    r"\bas far as (?:it|they|there|so)\b": "if, where, to the extent that",
    r"\bto and fro\b|\bbut for the\b": "plain words",
    r"\bnobody (?:knows|has)\b": "unknown; not supplied",
    r"\bwould else\b": "would otherwise",
}
ALLOWED: set[tuple[str, str]] = set()  # (file, text of the match)


def files(names: tuple[str, ...]) -> Iterator[Path]:
    """Yield the written files under folders or of these names; pages made from the library are left out."""
    for name in names:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            place = file.relative_to(ROOT).as_posix()
            if file.is_file() and file.suffix in SUFFIXES and place not in GENERATED and file != Path(__file__):
                yield file


def matches(names: tuple[str, ...]) -> Iterator[tuple[str, int, str, str]]:
    """Yield the file, the line, the text and the hint of each match."""
    for file in files(names):
        place = file.relative_to(ROOT).as_posix()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            for pattern, hint in PATTERNS.items():
                for match in re.finditer(pattern, line, re.IGNORECASE):
                    if (place, match.group()) not in ALLOWED:
                        yield place, number, match.group(), hint


def main(names: tuple[str, ...]) -> int:
    """Print every match and the number in each folder; return 1 if there is one."""
    hits = list(matches(names or HELD))
    for place, number, text, hint in hits:
        sys.stdout.write(f"{place}:{number}: '{text}': {hint}\n")
    for folder, count in sorted(Counter("/".join(place.split("/")[:-1]) for place, *_ in hits).items()):
        sys.stdout.write(f"{count:4} in {folder or 'the repository'}\n")
    return int(bool(hits))


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
