"""Packages that one format or feature needs and no other: the optional dependencies of pyproject.toml."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from coppice.core.errors import CoppiceError


@dataclass(frozen=True, slots=True)
class Extra:
    """A package, and what needs it.

    Attributes
    ----------
    package : str
        Its name in the index.
    oldest : str
        The oldest version that is supported.
    module : str
        What is imported of it.
    """

    package: str
    oldest: str
    module: str

    @property
    def requirement(self) -> str:
        """The requirement as pip takes it."""
        return f"{self.package}>={self.oldest}"


EXTRAS: dict[str, Extra] = {
    "pdf": Extra("typst", "0.15", "typst"),
    "docx": Extra("pypandoc_binary", "1.17", "pypandoc"),
    "clusters": Extra("scikit-learn", "1.5", "sklearn"),
    "xlsx": Extra("openpyxl", "3.1", "openpyxl"),  # these three read tables of studies; a workbook is written without
    "ods": Extra("odfpy", "1.4", "odf"),
    "parquet": Extra("pyarrow", "17", "pyarrow"),
    "ris": Extra("rispy", "0.10", "rispy"),  # these three read lists of references: `coppice import`
    "bibtex": Extra("bibtexparser", "2.1", "bibtexparser"),
    "xml": Extra("defusedxml", "0.7", "defusedxml"),
    "text": Extra("pypdf", "7", "pypdf"),  # the words of a PDF: `coppice draft`, quotes
}


def is_installed(module: str) -> bool:
    """Return whether a module can be found."""
    try:
        return find_spec(module) is not None
    except ImportError:
        return False


def missing(name: str) -> str | None:
    """Return which package an extra lacks and how to install it; None where it is installed."""
    extra = EXTRAS[name]
    if is_installed(extra.module):
        return None
    return (
        f"needs the Python package {extra.package}, which is not installed: "
        f"run `make extras`, or `python -m pip install '{extra.requirement}'`"
    )


def require(name: str, purpose: str) -> None:
    """Refuse to go on without an extra.

    Parameters
    ----------
    name : str
        A name of :data:`EXTRAS`.
    purpose : str
        What needs it, as the subject of the message.

    Raises
    ------
    CoppiceError
        If its package is not installed.
    """
    if lack := missing(name):
        raise CoppiceError(f"{purpose} {lack}")
