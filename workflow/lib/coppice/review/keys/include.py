"""The key `include`: what a study must have."""

from __future__ import annotations

from coppice.core.schema import ListOf, MapOf, OneOf, Scalar

CRITERIA = MapOf(OneOf((ListOf(Scalar()),), meant=Scalar()))
