"""A sentence of the methods, with the works it cites."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the methods and the works it cites."""

    text: str
    cites: tuple[str, ...] = ()


Statements = list[Statement]
