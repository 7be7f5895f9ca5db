"""What a verb's results depend on: at least every module that its command really imports, and not the other verbs."""

from __future__ import annotations

import ast
import json
import platform
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from coppice.cli import VERBS
from coppice.plan.fingerprint import PACKAGES, ROOT, code, imports, module_files, modules, versions

LIST = "import sys, json; import coppice.{verb}.command; print(json.dumps(sorted(sys.modules)))"
TOO_HEAVY = {
    "extract": {"numpy", "scipy", "pandas", "statsmodels", "matplotlib", "jsonschema"},
    "pool": {"matplotlib", "yaml", "nbformat"},
    "explore": {"matplotlib", "statsmodels", "pandas", "scipy.stats"},
    "draw": {"statsmodels", "pandas", "scipy", "matplotlib.pyplot"},
    "report": {"statsmodels", "matplotlib.pyplot", "scipy"},
}


DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "pypandoc": "pypandoc_binary",
}  # those that are named otherwise than imported
NO_NUMBERS = {"yaml"}  # packages that neither compute nor draw nor write a result


@cache
def named(file: Path) -> frozenset[str]:
    """Return the modules that a module names in its imports, wherever they stand, by Python's own grammar."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has an import that is relative"
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def imported(verb: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", LIST.format(verb=verb)], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("verb", VERBS)
def test_every_module_that_a_command_imports_is_in_its_fingerprint(verb: str) -> None:
    real = {name for name in imported(verb) if name.split(".")[0] == "coppice"}
    assert real <= set(modules(verb)), real - set(modules(verb))


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_imports_only_downwards(verb: str) -> None:
    order = ["extract", "pool", "explore", "draw", "report"]
    above = {f"coppice.{name}" for name in order[order.index(verb) + 1 :]}
    assert not {name for name in modules(verb) if ".".join(name.split(".")[:2]) in above}


@pytest.mark.parametrize("verb", VERBS)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(verb: str) -> None:
    assert not imported(verb) & TOO_HEAVY[verb]


def test_the_configuration_is_no_part_of_any_verb() -> None:
    for verb in VERBS:
        assert not {"coppice.review.keys.config", "coppice.review.review", "coppice.plan.plan"} & set(modules(verb)), (
            verb
        )


CORE_OF_EXTRACT = {
    "contracts",
    "contracts.extract",
    "contracts.values",
    "dose_options",
    "environment",
    "errors",
    "limits",
    "measures",
    "options",
    "populations",
    "printed_number",
    "reported_by_arm",
    "reported_doses",
    "reported_fields",
    "reported_statistics",
    "results_layout",
    "schema",
    "schema_values",
    "special_functions",
    "study",
    "text_numbers",
}


def test_extract_depends_on_nothing_that_only_the_report_shows() -> None:
    folders = {name.split(".")[1] for name in modules("extract") if "." in name}
    assert folders == {"__main__", "cli", "core", "extract", "jobs"}
    core = {name.removeprefix("coppice.core.") for name in modules("extract") if name.startswith("coppice.core.")}
    assert core == CORE_OF_EXTRACT


def test_a_colour_of_the_risk_of_bias_concerns_figures_alone() -> None:
    colours = "coppice.draw.figures.bias_symbols"
    assert [verb for verb in VERBS if colours in modules(verb)] == ["draw"]


def test_fingerprints_differ_between_verbs_and_name_the_packages_that_compute() -> None:
    assert len({code(verb) for verb in VERBS}) == len(VERBS)
    assert set(versions("pool")) == set(PACKAGES["pool"]) >= {"numpy", "statsmodels"}


@pytest.mark.parametrize("verb", VERBS)
def test_python_is_among_what_results_depend_on(verb: str) -> None:
    assert versions(verb)["python"] == platform.python_version()


def test_every_import_of_the_library_is_seen_those_within_functions_too() -> None:
    for file in ROOT.rglob("*.py"):
        own = {name for name in named(file) if name.split(".")[0] == "coppice" and name in module_files()}
        assert own == imports(file), file


@pytest.mark.parametrize("verb", ["extract", "pool", "explore"])  # the others know only the names of what computes
def test_every_package_that_computes_for_a_verb_is_named_with_its_version(verb: str) -> None:
    files = [module_files()[name] for name in modules(verb)]
    packages = {name.split(".")[0] for file in files for name in named(file)} - set(sys.stdlib_module_names)
    extras = {"scikit-learn"} if verb == "explore" else set()  # in the spec of an analysis that asks for clusters
    assert {DISTRIBUTIONS.get(name, name) for name in packages - NO_NUMBERS - {"coppice"}} <= {*PACKAGES[verb], *extras}
