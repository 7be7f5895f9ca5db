"""Every kind of analysis has an entry in the registry of each verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from coppice.core.kinds import KINDS, PAIRWISE
from coppice.explore.kinds import EXPLORING
from coppice.plan.kinds import PLANNING
from coppice.pool.kinds import POOLING
from coppice.report.data.kinds import EXPORTING
from coppice.report.kinds import REPORTING
from coppice.review.kinds import CHECKING
from coppice.tools.diff.kinds import PARTS
from coppice.tools.schema.results import CONTRACTS

ALL: list[Mapping[str, Any]] = [EXPLORING, PLANNING, POOLING, PARTS, CONTRACTS]
OTHERS: list[Mapping[str, Any]] = [EXPORTING, REPORTING, CHECKING]


@pytest.mark.parametrize("registry", ALL)
def test_every_kind_of_analysis_is_in_the_registry(registry: Mapping[str, Any]) -> None:
    assert set(registry) == set(KINDS)


@pytest.mark.parametrize("registry", OTHERS)
def test_every_kind_but_pairwise_is_in_the_registry(registry: Mapping[str, Any]) -> None:
    assert set(registry) == set(KINDS) - {PAIRWISE}
