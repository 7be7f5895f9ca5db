"""The review, read and checked once, and the functions that the rules share."""

import hashlib
import os
import socket
import sys
from functools import cache
from pathlib import Path

LIBRARY = Path(workflow.current_basedir).parent / "lib"

# A checkout runs its own library, whatever else is installed; a module from elsewhere runs the installed one.
if LIBRARY.is_dir():
    sys.path.insert(0, str(LIBRARY))
    os.environ.update(PYTHONPATH=os.pathsep.join(filter(None, [str(LIBRARY), os.environ.get("PYTHONPATH", "")])))

try:
    from coppice import plan
    from coppice.batch import digit
    from coppice.errors import BadInput
    from coppice.report.forms import FORMS as FORMS_OF_REPORT
except ImportError as error:
    raise SystemExit(
        f"Coppice's library can't be imported ({error}); run `make report`, or install requirements.lock into this environment"
    ) from None

# Jobs call `python`: the one that runs Snakemake. One thread each and pinned dispatch: same bytes on every machine.
os.environ.update(
    PATH=os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]),
    NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX512_SKX AVX512_CLX AVX512_CNL AVX512F AVX512CD AVX2 FMA3",
    OPENBLAS_CORETYPE="Nehalem",
    OPENBLAS_NUM_THREADS="1",
    OMP_NUM_THREADS="1",
    COPPICE_RUN=f"{socket.gethostname()}:{os.getpid()}",
)


def configuration():
    """Return the configuration's files and what the command line sets over them."""
    if workflow.modifier.skip_configfile:
        return [], config
    return [Path(file) for file in workflow.configfiles] or [
        Path("config/config.yaml")
    ], workflow.config_settings.config


def checked_plan():
    """Return the checked review, or end with one line for each thing that is wrong."""
    try:
        return plan.load(*configuration())
    except BadInput as problems:
        raise SystemExit(str(problems)) from None


def notebook():
    """Return the source of the report: relative in a checkout, so that a moved one stays current."""
    if LIBRARY.is_dir():
        return local(os.path.relpath(LIBRARY.with_name("notebooks") / "report.py"))
    return workflow.source_path("../notebooks/report.py")


PLAN = checked_plan()
BATCHES = PLAN.batches()
NOTEBOOK = notebook()
FORMS = {form.name: [f"results/report/{file}" for file in form.files] for form in FORMS_OF_REPORT.values()}


def written_spec(verb, text):
    """Return the name of a spec, a file named by its content, and write it if it is missing."""
    name = Path(".snakemake/coppice/specs", verb, f"{hashlib.sha256(text.encode()).hexdigest()}.json")
    if not name.exists():
        name.parent.mkdir(parents=True, exist_ok=True)
        temporary = name.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(name)
    return local(str(name))


@cache
def spec_file(verb, **unit):
    """Return the spec of a verb's unit."""
    return written_spec(verb, PLAN.spec(verb, **unit))


@cache
def batch_spec_file(batch):
    """Return the spec of a batch of extracts."""
    return written_spec("extract", PLAN.batch_spec(batch))


def write_specs():
    """Write every spec before Snakemake looks which files there are: it lists a folder once, and remembers."""
    for batch in BATCHES:
        batch_spec_file(batch)
    for study, outcome in PLAN.extracts() if not BATCHES else lost_units(PLAN.extracts()):
        spec_file("extract", study=study, outcome=outcome)
    for analysis in PLAN.review.analyses:
        for verb in ("pool", "explore", "draw"):
            spec_file(verb, analysis=analysis)
    for spec in (report_spec, data_spec, provenance_spec, findings_spec):
        spec(None)


def spec_of(verb):
    """Return the input function that gives the spec of a verb's unit from its wildcards."""
    return lambda wildcards: spec_file(verb, **dict(wildcards.items()))


def report_spec(wildcards):
    """Return the spec of the report, whose source is a notebook besides the library."""
    return spec_file("report", notebook=hashlib.sha256(Path(NOTEBOOK).read_bytes()).hexdigest())


def data_spec(wildcards):
    """Return the spec of the report's forms that hold results alone."""
    return spec_file("report", form="data")


def provenance_spec(wildcards):
    """Return the spec of the provenance."""
    return spec_file("report")


def every_form():
    """Return the files of the forms of the report that are asked for, besides the page and the notebook."""
    return [f"results/report/{file}" for files in PLAN.forms().values() for file in files]


def findings_spec(wildcards):
    """Return the spec of the checks: what they find in the whole review."""
    return spec_file("check")


def record_of(wildcards):
    """Return the file of a study's record."""
    return local(ancient(PLAN.review.study(wildcards.study).file))


def batch_spec(wildcards):
    """Return the spec of a batch of extracts."""
    return batch_spec_file(wildcards.batch)


def index_of(unit):
    """Return the index of the batch that a unit of extract, (study, outcome), is in."""
    return f"results/extract/_{digit('/'.join(unit))}.json"


def lost_units(units):
    """Return the units whose file is gone though the index of their batch is there."""
    return [unit for unit in units if not Path(extract_file(unit)).exists() and Path(index_of(unit)).exists()]


def extract_file(unit):
    """Return the file of a unit of extract, (study, outcome)."""
    return "results/extract/{}/{}.json".format(*unit)


def files_of(units):
    """Return the files of extracts: their own, or the indices of their batches and those units that an index lost."""
    if not BATCHES:
        return [extract_file(unit) for unit in units]
    return sorted({index_of(unit) for unit in units}) + [extract_file(unit) for unit in lost_units(units)]


def extracts_of(wildcards):
    """Return the extracts that an analysis pools."""
    return files_of(PLAN.extracts_of(wildcards.analysis))


def explored_extracts_of(wildcards):
    """Return the extracts that the multiverse of an analysis reads."""
    return files_of(PLAN.explored_extracts(wildcards.analysis))


def every_extract():
    """Return all extracts of the review."""
    return files_of(PLAN.extracts())


def of_each_analysis(pattern):
    """Return the files of all analyses that follow one pattern."""
    return [pattern.format(analysis=analysis) for analysis in PLAN.review.analyses]


def every_figure():
    """Return all figures of the review, in all formats."""
    patterns = [
        f"results/draw/{{analysis}}/{figure}.{form}" for figure in PLAN.figures() for form in ("svg", "pdf", "png")
    ]
    return [file for pattern in patterns for file in of_each_analysis(pattern)]


def every_result():
    """Return every file that the review makes: a deleted one is made again."""
    pooled = [file for form in ("json", "csv") for file in of_each_analysis(f"results/pool/{{analysis}}.{form}")]
    explored = of_each_analysis("results/explore/{analysis}.json")
    return (
        every_extract()
        + pooled
        + explored
        + every_figure()
        + [f"results/report/report.{form}" for form in ("html", "ipynb")]
        + every_form()
    )


write_specs()


wildcard_constraints:
    study="[^/]+",
    outcome="[^/]+",
    analysis="[^/]+",
    batch="[0-9a-f]",
