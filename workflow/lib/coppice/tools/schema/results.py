"""The schemas of the result files, from the types in `coppice.core.contracts`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from coppice.core.contracts import values
from coppice.core.contracts.diagnostic import DiagnosticExplored, DiagnosticResult
from coppice.core.contracts.dose_response import DoseResponseExplored, DoseResponseResult
from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.extract import ExtractResult
from coppice.core.contracts.multivariate import MultivariateExplored, MultivariateResult
from coppice.core.contracts.network import NetworkExplored, NetworkResult
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.small_study import SmallStudy
from coppice.core.contracts.values import Figure, NumbersAsText, Within
from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK, PAIRWISE
from coppice.core.schema import (
    Choice,
    Finding,
    Flag,
    Key,
    ListOf,
    MapOf,
    Nullable,
    Number,
    Object,
    OneOf,
    Place,
    Scalar,
    Shape,
    Text,
)


class Open:
    """Scalar: a part that has a form of its own for each entry of a registry."""

    def findings(self, value: object, place: Place) -> Iterator[Finding]:
        """Yield nothing."""
        return iter(())

    def schema(self) -> dict[str, object]:
        """Return the JSON schema."""
        return {}


LONGEST_NUMBERS = 100_000  # characters: the 4,095 sets of 12 studies, of 12 digits each, are 80,000 at most
SCALAR = Scalar(computed=True)
OF_ARMS = MapOf(MapOf(OneOf((SCALAR,), meant=ListOf(SCALAR))))
FIGURE = MapOf(
    OneOf((SCALAR, OF_ARMS), meant=ListOf(OneOf((SCALAR,), meant=MapOf(OneOf((SCALAR,), meant=ListOf(SCALAR))))))
)
SIMPLE: dict[Any, Shape] = {
    SmallStudy: MapOf(Open()),  # which would be most of the schema
    values.Scalar: SCALAR,
    Figure: FIGURE,
    NumbersAsText: Text(r"[-+.,e0-9]*", longest=LONGEST_NUMBERS),
    str: Text(),
    bool: Flag(),
    int: Number(whole=True),
    float: Number(computed=True),
}


def fixed_of(contract: type) -> Object:
    """Return the shape of a part of a result file, from its TypedDict."""
    return Object([_key(name, kind) for name, kind in get_type_hints(contract, include_extras=True).items()])


def _key(name: str, kind: Any) -> Key:
    required = get_origin(kind) is not NotRequired
    described = kind if required else get_args(kind)[0]
    plain = described.__origin__
    *own, description = described.__metadata__  # `own` is what the type itself is annotated with, as with its limits
    return Key(name, shape_of(Annotated[plain, *own] if own else plain), description, required)


def shape_of(kind: Any) -> Shape:
    """Return the shape that values of a type have."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in SIMPLE:
        shape = SIMPLE[kind]
    elif is_typeddict(kind):
        shape = fixed_of(kind)
    elif origin is Annotated:
        shape = _number(*parts)
    elif origin is list:
        shape = ListOf(shape_of(parts[0]))
    elif origin is dict:
        shape = MapOf(shape_of(parts[1]))
    elif origin is Literal:
        shape = Choice(lambda: parts)
    elif origin in (Union, UnionType):
        shape = _union(parts)
    else:
        raise TypeError(f"no schema for {kind}")
    return shape


def _union(parts: Sequence[Any]) -> Shape:
    shapes = [shape_of(part) for part in parts if part is not NoneType]
    shape = shapes[0] if len(shapes) == 1 else OneOf(shapes[:-1], meant=shapes[-1])
    return Nullable(shape) if NoneType in parts else shape


def _number(kind: type, within: Within) -> Number:
    return Number(low=within.low, high=within.high, whole=kind is int, computed=kind is float)


EXTRACT, POOL, EXPLORE = fixed_of(ExtractResult), fixed_of(PoolResult), fixed_of(ExploreResult)
# what `pool` and `explore` write of each kind of analysis
CONTRACTS = {
    PAIRWISE: (POOL, EXPLORE),
    NETWORK: (fixed_of(NetworkResult), fixed_of(NetworkExplored)),
    MULTIVARIATE: (fixed_of(MultivariateResult), fixed_of(MultivariateExplored)),
    DIAGNOSTIC: (fixed_of(DiagnosticResult), fixed_of(DiagnosticExplored)),
    DOSE_RESPONSE: (fixed_of(DoseResponseResult), fixed_of(DoseResponseExplored)),
}
