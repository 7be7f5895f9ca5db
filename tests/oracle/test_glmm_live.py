"""Live comparison of generalised linear mixed models with metafor's rma.glmm(), which fits them by lme4 and BiasedUrn.

glmer stops near the maximum (estimates within a few thousandths), and takes Laplace's approximation for UM.RS: the proof
that ours is the better fit is the log-likelihood, by our quadrature, at their estimates.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.models.glmm.counts import Table
from coppice.pool.models.glmm.fit import fit

HERE = Path(__file__).parent
NAMES = {
    "OR": ("ai", "n1i", "ci", "n2i"),
    "IRR": ("x1i", "t1i", "x2i", "t2i"),
    "PLO": ("xi", "ni"),
    "IRLN": ("xi", "ti"),
}
MODELS = {
    "OR": ("UM.FS", "UM.RS", "CM.EL", "CM.AL"),
    "IRR": ("UM.FS", "UM.RS", "CM.EL"),
    "PLO": (None,),
    "IRLN": (None,),
}
FEWEST_FITTED = 15

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor, lme4 and BiasedUrn")


def drawn(measure, seed):
    """Return the counts of eight studies with few events, as rows."""
    generator = np.random.default_rng([seed, len(measure)])
    total = generator.integers(60, 300, (2, 8))
    risk = np.exp(generator.normal(-3.0, 0.4, 8)), np.exp(generator.normal(-2.6, 0.4, 8))
    events = [generator.binomial(n, p) for n, p in zip(total, risk, strict=True)]
    return [events[0], total[0], events[1], total[1]] if measure in ("OR", "IRR") else [events[0], total[0]]


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    asked = [
        (measure, model, drawn(measure, seed))
        for measure, models in MODELS.items()
        for model in models
        for seed in range(1 if model == "CM.EL" and measure == "OR" else 3)  # which takes R minutes
    ]
    file = tmp_path_factory.mktemp("glmm") / "sets.json"
    written = [
        {
            "measure": measure,
            **({} if model is None else {"model": model}),
            "counts": dict(zip(NAMES[measure], (column.tolist() for column in columns), strict=True)),
        }
        for measure, model, columns in asked
    ]
    file.write_text(json.dumps(written), encoding="utf-8")
    done = subprocess.run(["Rscript", "glmm_live.R", str(file)], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [(*item, fitted) for item, fitted in zip(asked, json.loads(done.stdout), strict=True) if fitted]


def test_every_model_is_that_of_metafor_or_more_likely(sets):
    assert len(sets) >= FEWEST_FITTED
    for measure, model, columns, theirs in sets:
        none = np.empty((1, 0))
        arms = [column.astype(float)[None] for column in columns]
        likelihood = "binomial" if measure in ("OR", "PLO") else "poisson"
        table = Table(*(arms if len(arms) == 4 else [*arms, none, none]), likelihood)
        marginal, used = table.model(model), np.ones((1, 8), dtype=bool)
        ours = fit(marginal, used)
        at = fit(
            marginal,
            used,
            design=np.empty((1, 8, 0)),
            shift=np.full((1, 8), theirs["beta"]),
            tau=np.array([theirs["tau2"] ** 0.5]),
        )
        where = (measure, model, columns)
        assert ours.value[0] >= at.value[0] - 1e-9, where
        assert ours.coefficients[0, 0] == pytest.approx(theirs["beta"], abs=0.03 if model == "UM.RS" else 5e-3), where
        assert ours.covariance()[0, 0, 0] ** 0.5 == pytest.approx(theirs["se"], rel=0.05), where
