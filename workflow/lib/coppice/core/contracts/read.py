"""The type of results/read/<text>.json: what rules read in a text that no record quotes."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict


class Proposal(TypedDict):
    """A figure that rules read in a text; nothing uses it before a person has moved it into a record."""

    statistic: Annotated[str, "Its form"]
    arm: Annotated[str | None, "The arm that it was read for; null where it is of none"]
    fields: Annotated[dict[str, Any], "Its fields, with the digits of the text"]
    quote: Annotated[str, "The words that it was read in"]


class ReadSpec(TypedDict):
    """What `read` reads of one text."""

    text: Annotated[str, "The file of the text"]
    sha256: Annotated[str, "Its SHA-256"]
    arms: Annotated[dict[str, list[str]], "Names of the arms in the records, by role"]


class ReadResult(TypedDict):
    """The result file of one text."""

    text: Annotated[str, "The file of the text"]
    sha256: Annotated[str, "Its SHA-256"]
    problem: Annotated[str | None, "Why it could not be read; null where it was"]
    proposals: Annotated[list[Proposal], "What was read, in the order of the text"]
