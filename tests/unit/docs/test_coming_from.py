"""The page for those who come from another program: each of its commands is run on a made-up file of that program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from tests.unit.tools.import_file.test_revman5 import text

from coppice import cli
from coppice.review.keys.analysis import ANALYSIS
from coppice.review.keys.config import CONFIG

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "coming_from.md").read_text("utf-8")
COMMANDS = re.findall(r"^python -m coppice (.*)$", PAGE, re.MULTILINE)
HERE = [
    line
    for cell in re.findall(r"^\|.*(?<!\\)\| ([^|]+) \|$", PAGE, re.MULTILINE)
    for line in re.findall(r"`([a-z_]+: [^`]+)`", cell)
]
FILES = {
    "references.ris": "TY  - JOUR\nAU  - Example, A\nTI  - A made-up trial\nPY  - 2019\nER  - \n",
    "NCT00000101.json": json.dumps({"protocolSection": {"identificationModule": {"nctId": "NCT00000101"}}}),
    "studies.csv": "study,events_treatment,total_treatment,events_control,total_control\nA,4,50,8,52\nB,6,60,9,61\n",
    "arms.csv": "study,treatment,r,n\nA,placebo,8,50\nA,drug one,4,50\nB,placebo,9,60\nB,drug two,5,61\nC,drug one,6,40\nC,drug two,7,41\n",
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


def test_every_program_has_a_table_of_what_it_is_called_there_and_here():
    assert PAGE.count("| there | here |") == 5
    assert len(HERE) > 50


@pytest.mark.parametrize("line", sorted(set(HERE)))
def test_every_line_of_configuration_in_the_tables_is_one_that_coppice_takes(line):
    content = yaml.safe_load(line)
    (key,) = content
    shape = next(top.names[key].shape for top in (ANALYSIS, CONFIG) if key in top.names)
    assert list(shape.findings(content[key], (key,))) == []
