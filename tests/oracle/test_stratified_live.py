"""Live comparison of Mantel-Haenszel and Peto with rma.mh() and rma.peto() of metafor, with and without corrections."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from coppice.pool.parts import counted_part
from coppice.pool.profiles import settings
from coppice.pool.stratified import counts

HERE = Path(__file__).parent
CLOSE = 1e-9

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor, metadat and jsonlite")


@pytest.fixture(scope="module")
def sets():
    done = subprocess.run(["Rscript", "stratified.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def same(found, expected):
    return [found[key] for key in expected] == pytest.approx(list(expected.values()), rel=CLOSE, abs=1e-13)


def data_of(case):
    return counts(*(case[name] for name in ("events_e", "n_e", "events_c", "n_c")))


def test_there_are_tables_of_patients_and_of_rates(sets):
    assert len(sets) >= 20 and sum(len(case["models"]) for case in sets.values()) >= 250


def test_mantel_haenszel_is_metafors_with_every_correction(sets):
    for name, case in sets.items():
        for model, expected in case["models"].items():
            measure, add, to, double_zeros = model.split()
            options = settings({
                "common": "MH", "common_add": float(add), "common_to": to, "common_double_zeros": double_zeros
            })  # fmt: skip
            found, weights = counted_part(options, data_of(case), measure)
            assert same(found, expected), (name, model)
            assert weights.sum() == pytest.approx(100)


def test_peto_is_metafors(sets):
    for name, case in sets.items():
        if case.get("peto"):
            found, _ = counted_part(settings({"common": "Peto"}), data_of(case), "PETO")
            assert same(found, case["peto"]), name
