"""What a verb's results depend on in addition to its input: the modules it imports and the packages that compute for it."""

from __future__ import annotations

import functools
import hashlib
import platform
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from coppice.core.extras import EXTRAS
from coppice.jobs import spec_file

ROOT = Path(__file__).parents[1]
VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)  # of the metadata of a package
IMPORT = re.compile(
    r"^\s*(?:from\s+(coppice[\w.]*)\s+import\s+(\([^)]*\)|[^\n]*)|import\s+(coppice[\w.]*))", re.MULTILINE
)

PACKAGES: dict[str, tuple[str, ...]] = {
    "extract": ("numpy", "python", "scipy", "statsmodels"),  # a sum of floats has other last digits from Python 3.12 on
    "check": (),
    "read": ("python",),
    "pool": ("formulaic", "numpy", "pandas", "python", "scipy", "statsmodels"),
    "explore": ("numpy", "python", "scipy", "statsmodels"),
    "draw": ("matplotlib", "numpy", "pillow", "python"),  # PNG is written by Pillow, PDF is packed by Python
    # the report names the software of every verb, so that a new version of one is in it
    "report": (
        "jupytext", "matplotlib", "nbformat", "numpy", "pandas", "python", "scipy", "snakemake", "statsmodels",
    ),
}  # fmt: skip
# what else writes the report's files, too far from the results to be named in it
BENEATH = {"report": ("markdown-it-py", "markupsafe")}
FOLDERS = {"read": "tools.read"}  # of a command beside the five verbs
# what a package folder holds besides modules
DATA_SUFFIXES = {".py", ".css", ".html", ".js", ".json", ".lua", ".rels", ".rst", ".typ", ".xml"}


@functools.cache
def module_files() -> dict[str, Path]:
    """Return the file of each module of this package, by the module's name."""
    files = {}
    for file in ROOT.rglob("*.py"):
        parts = file.relative_to(ROOT.parent).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return files


@functools.cache
def source(file: Path) -> str:
    """Return the text of a module."""
    return file.read_text(encoding="utf-8")


@functools.cache
def imports(file: Path) -> frozenset[str]:
    """Return the modules of this package that a module names in its imports, those within functions included."""
    names_of_modules: set[str] = set()
    for package, names, plain in IMPORT.findall(source(file)):
        module = plain or package
        names_of_modules.add(module)
        names_of_modules.update(
            f"{module}.{name.split()[0]}" for name in names.strip("()").replace("\n", " ").split(",") if name.split()
        )
    return frozenset(names_of_modules & module_files().keys())


@functools.cache
def modules(verb: str) -> tuple[str, ...]:
    """Return every module that the command of a verb may import, sorted: those of its folder and what they import.

    The command line itself is one of them, but is not followed: it imports each verb's command only when it runs it.
    """
    seen = {"coppice", "coppice.cli", "coppice.__main__", "coppice.jobs.fork_server"}
    waiting = [name for name in module_files() if f"{name}.".startswith(f"coppice.{FOLDERS.get(verb, verb)}.")]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        parts = name.split(".")
        waiting += [".".join(parts[:length]) for length in range(1, len(parts))]
        if name in module_files():
            waiting += imports(module_files()[name])
    return tuple(sorted(seen & module_files().keys()))


@functools.cache
def version_of(package: str) -> str | None:
    """Return the version of a package; None where it is not installed, as in an environment of Snakemake alone."""
    if package == "python":
        return platform.python_version()
    try:  # the line itself: reading all of the metadata as `version` does takes a tenth of a start of Snakemake
        found = VERSION.search(distribution(package).read_text("METADATA") or "")
    except PackageNotFoundError:
        return None
    return found.group(1) if found else None


@functools.cache
def state() -> str:
    """Return a hash of the names, sizes and times of all files of this package: as long as it stays, so does the code."""
    files = sorted(file for file in ROOT.rglob("*") if file.suffix in DATA_SUFFIXES)
    states = ((file.relative_to(ROOT).as_posix(), file.stat()) for file in files)
    text = "".join(f"{name}\0{item.st_size}\0{item.st_mtime_ns}\n" for name, item in states)
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def code(verb: str) -> str:
    """Return the fingerprint of a verb's code: a hash of its modules, the data files beside its own, and what is beneath."""
    beneath = "".join(f"-{name}-{version_of(name)}" for name in BENEATH.get(verb, ()))
    return str(spec_file.remembered("code", f"{verb}{beneath}-{state()}", lambda: hash_of_code(verb)))


def hash_of_code(verb: str) -> str:
    """Return the hash of a verb's code, from the content of its files."""
    digest = hashlib.sha256()
    for name in BENEATH.get(verb, ()):
        digest.update(f"{name} {version_of(name)}\0".encode())
    files = {module_files()[name] for name in modules(verb)}
    files |= {file for file in (ROOT / verb).rglob("*") if file.suffix in DATA_SUFFIXES - {".py"}}
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def versions(verb: str, extras: tuple[str, ...] = ()) -> dict[str, str | None]:
    """Return the versions of the packages that compute or draw for a verb; None where the job's environment has its own."""
    return {name: version_of(name) for name in (*PACKAGES[verb], *(EXTRAS[extra].package for extra in extras))}
