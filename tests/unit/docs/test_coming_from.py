"""The page for those who come from another program: each of its commands is run on a made-up file of that program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.unit.tools.import_file.test_revman5 import text

from coppice import cli

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = re.findall(r"^python -m coppice (.*)$", (ROOT / "docs" / "coming_from.md").read_text("utf-8"), re.MULTILINE)
FILES = {
    "references.ris": "TY  - JOUR\nAU  - Example, A\nTI  - A made-up trial\nPY  - 2019\nER  - \n",
    "NCT00000101.json": json.dumps({"protocolSection": {"identificationModule": {"nctId": "NCT00000101"}}}),
    "studies.csv": "study,events_treatment,total_treatment,events_control,total_control\nA,4,50,8,52\nB,6,60,9,61\n",
    "dat.csv": "study,ai,n1i,ci,n2i\nA,4,50,8,52\nB,6,60,9,61\n",
    "stata.csv": "study,events_treated,n_treated,events_control,n_control\nA,4,50,8,52\nB,6,60,9,61\n",
    "jasp.csv": "study,yi,se\nA,-0.3,0.2\nB,-0.1,0.15\n",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_page_makes_a_review_without_anything_to_correct(command, tmp_path, monkeypatch, capsys):
    words = command.split()
    file = next(word for word in words if "." in word and not word.startswith(".."))
    folder = tmp_path / "mine"
    folder.mkdir()
    content = FILES[file] if file in FILES else text()
    (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.chdir(folder)
    cli.main(words)
    printed = capsys.readouterr().out
    assert "to be corrected" not in printed
    assert list((tmp_path / next(word for word in words if word.startswith("..")).removeprefix("../")).rglob("*.yaml"))
