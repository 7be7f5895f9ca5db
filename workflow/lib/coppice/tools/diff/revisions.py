"""Results of a revision: a folder of results, or a revision of git, which is checked out elsewhere and pooled again."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from coppice.core.errors import CoppiceError

NOT_INHERITED = frozenset({"PYTHONPATH", "COPPICE_RUN"})  # a revision runs its own library, in a run of its own
LAST_LINES = 5  # of the output of a failed run

Runner = Callable[[Path], None]


def pool_again(checkout: Path) -> None:
    """Run the review of a checkout up to its pooled results; raises CoppiceError with its last lines if it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    # the one rule or the other: a review of many analyses is pooled in batches
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--until", "pool", "pool_batch"]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        output = " | ".join((done.stderr or done.stdout).strip().splitlines()[-LAST_LINES:])
        raise CoppiceError(f"the review of the revision does not run: {output}")


def results_of(name: str, folder: Path, *, run: Runner = pool_again) -> Path:
    """Return the folder of the results of a folder, or of a revision of git, which is checked out and run by `run`.

    Raises CoppiceError if `name` is neither, or the revision does not run.
    """
    if Path(name).is_dir():
        return Path(name)
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    if not commit:
        raise CoppiceError(f"{name}: neither a folder of results nor a revision of a repository here")
    checkout = folder / commit
    if not checkout.exists():
        top = _git("rev-parse", "--show-toplevel").decode().strip()
        with zipfile.ZipFile(io.BytesIO(_git("-C", top, "archive", "--format=zip", commit))) as archive:
            archive.extractall(checkout)
        run(checkout)
    return checkout / "results"


def _git(*arguments: str) -> bytes:
    """Return what git prints, nothing where it fails or is not installed."""
    try:
        return subprocess.run(["git", *arguments], capture_output=True, check=False).stdout
    except FileNotFoundError:
        return b""
