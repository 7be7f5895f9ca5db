"""The review, read and checked once, and the functions that the rules share."""

import hashlib
import os
import socket
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

# as text: a module from another host has an address for a folder, which is none here
LIBRARY = Path(str(workflow.current_basedir)).parent / "lib"

# A checkout runs its own library, whatever else is installed; a module from elsewhere runs the installed one.
if LIBRARY.is_dir():
    sys.path.insert(0, str(LIBRARY))
    os.environ.update(PYTHONPATH=os.pathsep.join(filter(None, [str(LIBRARY), os.environ.get("PYTHONPATH", "")])))

try:
    from coppice import plan, run_lock
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


def snakefile():
    """Return the workflow, which the research object holds: relative in a checkout, so that a moved one stays current."""
    if LIBRARY.is_dir():
        return os.path.relpath(LIBRARY.with_name("Snakefile"))
    return workflow.source_path("../Snakefile")


PLAN = checked_plan()
if workflow.is_main_process:
    run_lock.hold(Path())
FORMATS = ("svg", "pdf", "png")
# what a unit of each verb that works in batches writes
RESULTS = {
    "extract": ["results/extract/{unit}.json"],
    "pool": ["results/pool/{unit}.json", "results/pool/{unit}.csv"],
    "explore": ["results/explore/{unit}.json"],
    "draw": [f"results/draw/{{unit}}/{figure}.{form}" for figure in PLAN.figures() for form in FORMATS],
}
BATCHES = {verb: PLAN.batches(verb) for verb in RESULTS}
NOTEBOOK = notebook()
SNAKEFILE = snakefile()
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
def batch_spec_file(verb, batch):
    """Return the spec of a batch of a verb."""
    return written_spec(verb, PLAN.batch_spec(verb, BATCHES[verb][batch]))


def write_specs():
    """Write every spec before Snakemake looks which files there are: it lists a folder once, and remembers."""
    for verb, batches in BATCHES.items():
        for batch in batches:
            batch_spec_file(verb, batch)
        for unit in PLAN.units(verb).values() if not batches else ():
            spec_file(verb, **unit)
    for spec in (review_draw_spec, report_spec, data_spec, manuscript_spec, provenance_spec, crate_spec, findings_spec):
        spec(None)


def spec_of(verb):
    """Return the input function that gives the spec of a verb's unit from its wildcards."""
    return lambda wildcards: spec_file(verb, **dict(wildcards.items()))


def review_draw_spec(wildcards):
    """Return the spec of the figures of the review as a whole."""
    return spec_file("draw")


def report_spec(wildcards):
    """Return the spec of the report, whose source is a notebook besides the library."""
    return spec_file("report", notebook=hashlib.sha256(Path(NOTEBOOK).read_bytes()).hexdigest())


def data_spec(wildcards):
    """Return the spec of the report's forms that hold results alone."""
    return spec_file("report", form="data")


def manuscript_spec(wildcards):
    """Return the spec of the report's forms that say what the page says."""
    return spec_file("report", form="manuscript")


def provenance_spec(wildcards):
    """Return the spec of the provenance."""
    return spec_file("report")


def crate_spec(wildcards):
    """Return the spec of the research object, which changes with every byte of what it packs."""
    return spec_file("report", snakefile=str(SNAKEFILE))


def every_form():
    """Return the files of the forms of the report that are asked for, besides the page and the notebook."""
    return [f"results/report/{file}" for files in PLAN.forms().values() for file in files]


def findings_spec(wildcards):
    """Return the spec of the checks: what they find in the whole review."""
    return spec_file("check")


def record_of(wildcards):
    """Return the file of a study's record."""
    return local(ancient(PLAN.review.study(wildcards.study).file))


def spec_of_batch(verb):
    """Return the input function that gives the spec of a batch of a verb from its wildcard."""
    return lambda wildcards: batch_spec_file(verb, wildcards.batch)


def index_of(verb, unit):
    """Return the index of the batch that a unit of a verb is in."""
    return f"results/{verb}/_{digit(unit)}.json"


def files_of(verb, units):
    """Return what is declared of units of a verb: all their files, or the indices of their batches."""
    if BATCHES[verb]:
        return sorted({index_of(verb, unit) for unit in units})
    return [pattern.format(unit=unit) for pattern in RESULTS[verb] for unit in units]


def drop_index_of_lost_units():
    """Remove the index of each batch that has lost a file, so that Snakemake runs the batch, which makes what is missing."""
    for verb, batches in BATCHES.items():
        for units in batches.values():
            index = index_of(verb, units[0])
            files = (pattern.format(unit=unit) for unit in units for pattern in RESULTS[verb])
            if os.path.exists(index) and not all(map(os.path.exists, files)):
                with suppress(OSError):  # where nothing may be written, the run says so
                    os.remove(index)


def extracts(units):
    """Return what is declared of units of extract, (study, outcome)."""
    return files_of("extract", map("/".join, units))


def of_batch(verb, extracts_of_analysis):
    """Return the input function that gives the extracts of all analyses of a batch of a verb."""
    return lambda wildcards: extracts(
        dict.fromkeys(unit for name in BATCHES[verb][wildcards.batch] for unit in extracts_of_analysis(name))
    )


def extracts_of(wildcards):
    """Return the extracts that an analysis pools."""
    return extracts(PLAN.extracts_of(wildcards.analysis))


def explored_extracts_of(wildcards):
    """Return the extracts that the multiverse of an analysis reads."""
    return extracts(PLAN.explored_extracts(wildcards.analysis))


def drawn_extracts_of(wildcards):
    """Return the extracts that the figures of an analysis read."""
    return extracts(PLAN.drawn_extracts(wildcards.analysis))


def drawn_extracts():
    """Return the extracts that the figures of the review as a whole read."""
    return extracts(PLAN.drawn_extracts())


def drawn_pools():
    """Return the pooled results that the figures of the review as a whole read."""
    names = PLAN.drawn_analyses()
    return files_of("pool", names) if BATCHES["pool"] else [f"results/pool/{name}.json" for name in names]


def review_figures(form):
    """Return the figures of the review as a whole in one format."""
    return [f"results/draw/_review/{figure}.{form}" for figure in PLAN.review_figures()]


def every_extract():
    """Return all extracts of the review."""
    return extracts(PLAN.extracts())


def of_each_analysis(pattern):
    """Return the files of all analyses that follow one pattern, or the indices of their batches."""
    verb = Path(pattern).parts[1]
    if BATCHES[verb]:
        return files_of(verb, PLAN.review.analyses)
    return [pattern.format(analysis=analysis) for analysis in PLAN.review.analyses]


def every_figure():
    """Return all figures of the review, in all formats."""
    of_review = [file for form in FORMATS for file in review_figures(form)]
    return of_review + files_of("draw", PLAN.review.analyses)


def every_result():
    """Return every file that the review makes: a deleted one is made again."""
    analyses = PLAN.review.analyses
    return (
        every_extract()
        + files_of("pool", analyses)
        + files_of("explore", analyses)
        + every_figure()
        + [f"results/report/report.{form}" for form in ("html", "ipynb")]
        + every_form()
    )


write_specs()
drop_index_of_lost_units()


wildcard_constraints:
    study="[^/]+",
    outcome="[^/]+",
    analysis="[^/_][^/]*",
    batch="[0-9a-f]",
