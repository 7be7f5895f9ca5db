"""Reading the extracts of an analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.core.results_layout import INDEX_MARK
from coppice.jobs import canonical_json


def read_extracts(spec: Mapping[str, Any], files: Iterable[str]) -> Iterator[Any]:
    """Yield the extracts of an analysis from their own files, or from those that the index of a batch names."""
    for file in files:
        content = canonical_json.read(file)
        if "units" not in content:
            yield content
            continue
        yield from (canonical_json.read(unit) for unit in _named(spec, Path(file).parent, content["units"]))


def files_of_units(files: Sequence[str]) -> dict[str, Path]:
    """Return the file of each extract by its name, study/outcome, from extracts and indices of batches of them."""
    by_name: dict[str, Path] = {}
    for file in map(Path, files):
        if is_index(file):
            by_name |= {name: file.parent / f"{name}.json" for name in canonical_json.read(file)["units"]}
        else:
            by_name[f"{file.parent.name}/{file.stem}"] = file
    return by_name


def is_index(file: Path) -> bool:
    """Return whether a file is the index of a batch: no study has an id that begins as it does."""
    return file.name.startswith(INDEX_MARK)


def files_of(spec: Mapping[str, Any], units: Mapping[str, Path]) -> tuple[Path, ...]:
    """Return the files of the extracts that an analysis pools, of those that there are."""
    names = (f"{study['study']}/{spec['outcome']}" for study in spec["studies"])
    return tuple(units[name] for name in names if name in units)


def _named(spec: Mapping[str, Any], folder: Path, units: Iterable[str]) -> Iterator[Path]:
    yield from files_of(spec, {name: folder / f"{name}.json" for name in units})
