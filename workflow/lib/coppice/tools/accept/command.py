"""The command `accept`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coppice.core.errors import CoppiceError
from coppice.jobs.canonical_json import write_text
from coppice.review.record import ID
from coppice.review.strict_yaml import load
from coppice.review.texts import FOLDER
from coppice.tools.accept.insert import inserted, new_record, printed
from coppice.tools.draft.record import scalar

ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("study", help="the study's id, also the draft's name")
    parser.add_argument("figures", type=int, nargs="*", help="numbers of the figures, as the draft has them")
    parser.add_argument("--all", action="store_true", help="ask for each figure")
    parser.add_argument("--outcome", help="the key of the outcome that the figures are of (default: asked for)")
    parser.add_argument(
        "--drafts", type=Path, default=Path("config/drafts"), help="the folder of drafts (default: %(default)s)"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("config/studies"), help="the folder of records (default: %(default)s)"
    )


def run(options: argparse.Namespace) -> None:  # noqa: C901
    """Move figures from the draft into the record."""
    for _, message in ID.findings(options.study, ()):
        raise CoppiceError(f"{options.study}: {message}")
    draft = options.drafts / f"{options.study}.yaml"
    if not draft.is_file():
        raise CoppiceError(f"{draft}: no such draft; `coppice draft TEXT --study {options.study}` writes it")
    data = load(draft, draft.as_posix()).data
    if not isinstance(data, dict) or data.get("status") != "proposed" or not isinstance(data.get("reported"), list):
        raise CoppiceError(f"{draft}: status: is not 'proposed' with figures under 'reported': this is no draft")
    figures = data["reported"]
    if not options.folder.is_dir():
        raise CoppiceError(f"{options.folder}: no such folder; name the folder of records with --folder")
    if not options.all and not options.figures:
        raise CoppiceError(
            f"{draft}: name the numbers of its figures (1 to {len(figures)}), or --all to be asked for each"
        )
    wrong = [number for number in options.figures if not 1 <= number <= len(figures)]
    if wrong:
        raise CoppiceError(f"{draft}: there is no figure {wrong[0]}; it has 1 to {len(figures)}")
    record = options.folder / f"{options.study}.yaml"
    text = record.read_text("utf-8") if record.exists() else new_record(options.study, data)
    file, moved = place_in_review(Path(str(data["text"]))), 0
    for number in options.figures or range(1, len(figures) + 1):
        figure = figures[number - 1]
        if options.all and not agreed(number, figure):
            continue
        outcome = options.outcome or asked(f"  outcome of figure {number} ({figure['proposed']['read_for']}): ")
        for _, message in ID.findings(outcome, ()):
            raise CoppiceError(f"--outcome {outcome}: {message}")
        text = inserted(text, outcome, {**figure, "source": {**figure["source"], "text": file}}, file)
        moved += 1
    if moved:
        write_text(record, text)
    sys.stdout.write(f"{record}: {moved} figures accepted; `coppice check` says what does not add up\n")
    if moved and not Path(file).exists():
        sys.stdout.write(f"{data['text']}: put it there as {file}, so that its quotes can be looked up\n")


def place_in_review(text: Path) -> str:
    """Return how a record names a text: by its path below the working directory, or else as one of `sources`."""
    here = Path.cwd().resolve()
    path = text.resolve()
    return path.relative_to(here).as_posix() if here in path.parents else f"{FOLDER}/{path.name}"


def agreed(number: int, figure: dict[str, Any]) -> bool:
    """Return whether the user accepts a figure."""
    fields = ", ".join(f"{key} {scalar(printed(value))}" for key, value in plain_fields(figure))
    sys.stdout.write(f'{number}. {figure["statistic"]}: {fields}\n   "{figure["source"]["quote"]}"\n')
    return ANSWERS.get(asked("   accept? [y/N] ").lower(), False)


def plain_fields(figure: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a figure without source and rule."""
    return ((key, value) for key, value in figure.items() if key not in ("statistic", "source", "proposed"))


def asked(question: str) -> str:
    """Return what the user answers; nothing at the end of the input."""
    sys.stdout.write(question)
    sys.stdout.flush()
    return sys.stdin.readline().strip()
