"""Reading the extracts of an analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from coppice import jsonio


def read_extracts(spec: Mapping[str, Any], files: Iterable[str]) -> Iterator[Any]:
    """Yield the extracts of an analysis from their own files, or from those that the index of a batch names."""
    for file in files:
        content = jsonio.read(file)
        if "units" not in content:
            yield content
            continue
        names = (f"{study['study']}/{spec['outcome']}" for study in spec["studies"])
        yield from (jsonio.read(Path(file).parent / f"{name}.json") for name in names if name in content["units"])
