"""Run the unit tests and the shipped review with other Pythons, and with the oldest packages that are allowed.

    make pythons                 every other Python that is here, and the oldest packages
    make pythons ONLY=3.13       one of them (`oldest` is one)

Each environment is made in `build/` from nothing; the last lines say which passed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coppice.core.extras import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "versions"
OLDEST = "oldest"
SUPPORTED = [f"3.{minor}" for minor in range(11, 15)]
THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-dev.lock")
QUIET_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def version_of(interpreter: str) -> str | None:
    """Return the version of an interpreter, as 3.12; none if it does not start, as a shim without its version."""
    says = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", says], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def interpreters() -> dict[str, str]:
    """Return every supported Python that is here besides this one: from the path, or one of pyenv's."""
    found = {}
    for version in SUPPORTED:
        here = shutil.which(f"python{version}")
        beside = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        for candidate in [here, *map(str, beside)]:
            if version != THIS and candidate and version_of(candidate) == version:
                found.setdefault(version, candidate)
    return found


def environment(name: str, interpreter: str) -> Path:
    """Make an environment from the locks, or from the oldest packages that pyproject.toml allows, and return its Python."""
    folder = BUILD / name
    subprocess.run([interpreter, "-m", "venv", "--clear", str(folder)], check=True)
    python = folder / "bin" / "python"
    wanted = ["--require-hashes", "--no-deps"]
    for lock in LOCKS:
        wanted += ["--requirement", str(ROOT / lock)]
    if name == OLDEST:
        pins = BUILD / "oldest.txt"
        resolve = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--resolution", "lowest-direct"]
        resolve += ["--python-version", THIS, "--no-emit-index-url"]
        resolve += [*(f"--extra={name}" for name in (*EXTRAS, "dev")), "pyproject.toml"]
        subprocess.run([*resolve, "-o", str(pins)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        wanted = ["--no-deps", "--requirement", str(pins)]
    subprocess.run([str(python), *QUIET_PIP, *wanted], check=True)
    return python


def passes(python: Path, *, tests: list[str]) -> bool:
    """Return whether the tests and the shipped review pass with an interpreter."""
    ours = os.environ | {"PYTHONPATH": str(ROOT / "workflow" / "lib")}
    tested = subprocess.run([str(python), "-m", "pytest", "-n", "2", "-q", *tests], cwd=ROOT, env=ours, check=False)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "config", Path(folder) / "config")
        command = [str(python), "-m", "snakemake", "--cores", "2", "--quiet", "all", "--directory", folder]
        ran = subprocess.run(command, cwd=ROOT, env=ours, check=False)
        made = (Path(folder) / "results/report/report.html").exists()
    return tested.returncode == 0 and ran.returncode == 0 and made


def main() -> int:
    """Run what was asked for and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="one version, such as 3.13, or oldest")
    parser.add_argument("tests", nargs="*", default=["tests/unit"])
    options = parser.parse_args()
    wanted = {**interpreters(), OLDEST: sys.executable}
    if options.only:
        wanted = {name: python for name, python in wanted.items() if name == options.only}
    if not wanted:
        print(f"Python {options.only} is not here", file=sys.stderr)
        return 1
    BUILD.mkdir(parents=True, exist_ok=True)
    lines, failed = [], False
    for name, interpreter in wanted.items():
        begun = time.monotonic()
        result = passes(environment(name, interpreter), tests=options.tests)
        failed |= not result
        lines.append(f"{name:8} {'passed' if result else 'FAILED'} in {time.monotonic() - begun:.0f} s")
    if not options.only:
        missing = [version for version in SUPPORTED if version not in wanted and version != THIS]
        lines.append(f"not here: {', '.join(missing) or 'none'}")
    print("\n".join(lines))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
