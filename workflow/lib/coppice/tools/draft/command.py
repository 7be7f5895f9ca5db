"""The command `draft`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from coppice.core.documents import words_of
from coppice.core.errors import CoppiceError
from coppice.jobs.canonical_json import write_text
from coppice.review.record import ID
from coppice.tools.draft.arms import Arms
from coppice.tools.draft.guess import guessed
from coppice.tools.draft.reader import as_json, of_names, read
from coppice.tools.draft.record import proposed_record
from coppice.tools.draft.registry import FACTS
from coppice.tools.draft.sentences import normalised
from coppice.tools.draft.views import page, terminal

ROLES = ("experimental", "control")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "text", type=Path, nargs="+", help="a text: .txt, .html, .pdf, .nbib, or .json of ClinicalTrials.gov"
    )
    parser.add_argument("--study", help="the study's id (default: the file's name)")
    parser.add_argument(
        "--arm",
        action="append",
        default=[],
        metavar='ROLE="NAME"',
        help='an arm by its name in the text: experimental="drug A" (more than once for several), control="placebo"',
    )
    parser.add_argument(
        "--drafts", type=Path, default=Path("config/drafts"), help="the folder of drafts (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print the proposals as JSON, and write no draft")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the marked text beside the record, as a page")


def arms_of(options: list[str]) -> Arms:
    """Return the arms that the user names."""
    names: dict[str, list[str]] = {}
    for option in options:
        role, sign, name = option.partition("=")
        if not sign or role.strip() not in ROLES or not name.strip():
            raise CoppiceError(f"--arm {option}: is not ROLE=NAME with a role of {' or '.join(ROLES)}")
        names.setdefault(role.strip(), []).append(name.strip().strip("\"'"))
    if len(names.get("control", [])) > 1:
        raise CoppiceError("--arm: a second control; one at most, and as many experimental arms as there are")
    if "control" in names and "experimental" not in names:
        raise CoppiceError('--arm: an experimental arm is missing beside the control; add --arm experimental="NAME"')
    return of_names(names)


def run(options: argparse.Namespace) -> None:
    """Read the texts, and write a proposed record for each."""
    if options.study and len(options.text) > 1:
        raise CoppiceError("--study: names one study, and there are several texts; draft them one by one")
    if options.html and len(options.text) > 1:
        raise CoppiceError("--html: names one page, and there are several texts; draft them one by one")
    proposals: dict[str, list[dict[str, object]]] = {}
    for path in options.text:
        words = words_of(path)
        arms = arms_of(options.arm)
        if not arms.arms:
            arms = guessed(normalised(words.text))
        document = read(words.text, arms)
        proposals[path.stem] = as_json(document, words.text)
        study = options.study or re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "draft"
        for _, message in ID.findings(study, ()):
            raise CoppiceError(f"--study {study}: {message}")
        record = proposed_record(document, words, study, path.as_posix())
        if options.html:
            write_text(options.html, page(document, words, record, f"{study}: proposed from {path.name}"))
        if options.json:
            continue
        file = options.drafts / f"{study}.yaml"
        if file.exists():
            raise CoppiceError(
                f"{file}: is there already, and is left as it is; remove it, or name another with --study"
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, record)
        figures = sum(item.statistic not in FACTS for item in document.proposals)
        sys.stdout.write(terminal(document, words, colour=sys.stdout.isatty()))
        names = ", ".join(f"{arm.name} ({arm.role})" for arm in arms.arms) or "none; name them with --arm"
        sys.stdout.write(
            f"\narms: {names}\n{file}: {figures} figures proposed, {len(document.seen)} numbers left out; `coppice accept {study}` moves figures into the record\n"
        )
    if options.json:
        sys.stdout.write(json.dumps(proposals, ensure_ascii=False, indent=1) + "\n")
