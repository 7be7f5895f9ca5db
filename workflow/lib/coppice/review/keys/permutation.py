"""The key `permutation` of an analysis: a test by permutation."""

from __future__ import annotations

from coppice.core.limits import LARGEST_SEED
from coppice.core.schema import Key, Number, Object
from coppice.pool.options import PERMUTATION_DRAWS, PERMUTATION_SEED

PERMUTATION = Object(
    (
        Key(
            "draws",
            Number(low=99, high=1_000_000, whole=True),
            "Random arrangements where there are too many for all",
            default=PERMUTATION_DRAWS,
        ),
        Key(
            "seed",
            Number(low=0, high=LARGEST_SEED, whole=True),
            "Seed of the random arrangements",
            default=PERMUTATION_SEED,
        ),
    )
)
