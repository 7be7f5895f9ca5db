"""Where the workflow lies: within an installed package, or in the checkout that the library is part of."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def workflow() -> Path:
    """Return the folder of the Snakefile and its rules."""
    installed = PACKAGE / "workflow"
    return installed if (installed / "Snakefile").is_file() else PACKAGE.parents[1]


def is_installed() -> bool:
    """Return whether the library is installed as a package, and no checkout."""
    return workflow().parent == PACKAGE


def snakefile() -> Path:
    """Return the Snakefile of the workflow."""
    return workflow() / "Snakefile"
