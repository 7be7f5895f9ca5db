"""The review, read and checked once, and the functions that the rules share."""

import os
import socket
import sys
from functools import cache
from pathlib import Path

from snakemake.logging import logger
from snakemake.settings.enums import RerunTrigger

# as text: a module from another host has an address for a folder, which is none here
LIBRARY = Path(str(workflow.current_basedir)).parent / "lib"

# A checkout runs its own library, whatever else is installed; a module from elsewhere runs the installed one.
if LIBRARY.is_dir():
    sys.path.insert(0, str(LIBRARY))
    os.environ.update(PYTHONPATH=os.pathsep.join(filter(None, [str(LIBRARY), os.environ.get("PYTHONPATH", "")])))

try:
    from coppice.jobs import edited_results, run_lock, spec_file as spec_files, stale_batches
    from coppice.plan import draw, plan
    from coppice.plan.report import formats as report_formats
    from coppice.jobs.batch import digit
    from coppice.plan import pooled
    from coppice.core.errors import BadInput
    from coppice.jobs.canonical_json import digest_of_file
    from coppice.report.formats import FORMATS as FORMATS_OF_REPORT
except ImportError as error:
    raise SystemExit(
        f"Coppice's library can't be imported ({error}); run `make report`, or install requirements.lock into this environment"
    ) from None

# Jobs call `python`: the one that runs Snakemake. The rules of a workflow that Coppice is a module of see this too.
os.environ.update(
    PATH=os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]),
    COPPICE_LIBRARY=str(Path(plan.__file__).parents[2]),  # read by workflow/envs/coppice.post-deploy.sh
    COPPICE_RUN=f"{socket.gethostname()}:{os.getpid()}:{os.urandom(16).hex()}",
)


# Snakemake's own `modifier.is_module` is true of the workflow that is run itself, too
IS_MODULE = workflow.modifier.parent_modifier is not None


def configuration():
    """Return the configuration's files and what the command line sets over them."""
    if workflow.modifier.skip_configfile:
        return [], config
    # a module without `config:` does not read the configuration of the workflow that it is a module of
    named = workflow.overwrite_configfiles if IS_MODULE else workflow.configfiles
    return [Path(file) for file in named] or [Path("config/config.yaml")], workflow.config_settings.config


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


@cache
def warn_of_staleness():
    """Say once that edits can be missed, where Snakemake is told not to look which files a result was made from."""
    if workflow.is_main_process and RerunTrigger.INPUT not in workflow.rerun_triggers:
        logger.warning(
            "--rerun-triggers without `input`: an edit of the review that a dry run or an earlier run has seen changes no result"
        )


PLAN = checked_plan()
if workflow.is_main_process:
    # the jobs of a workflow that this is a module of are not counted, so that its marks may be those of a living one
    run_lock.hold(Path(), remove=not IS_MODULE)
FORMATS = ("svg", "pdf", "png")
FIGURES = list(draw.figures(PLAN.review))
# what a unit of each verb that works in batches writes
RESULTS = {
    "extract": ["results/extract/{unit}.json"],
    "pool": ["results/pool/{unit}.json", "results/pool/{unit}.csv"],
    "explore": ["results/explore/{unit}.json"],
    "draw": [f"results/draw/{{unit}}/{figure}.{form}" for figure in FIGURES for form in FORMATS],
}
BATCHES = {verb: PLAN.batches(verb) for verb in RESULTS}
NOTEBOOK = notebook()
SNAKEFILE = snakefile()
FORMS = {form.name: [f"results/report/{file}" for file in form.files] for form in FORMATS_OF_REPORT.values()}


@cache
def spec_file(verb, **unit):
    """Return the spec of a verb's unit."""
    return local(spec_files.written(verb, PLAN.spec(verb, **unit)))


@cache
def batch_spec_file(verb, batch):
    """Return the spec of a batch of a verb."""
    return local(spec_files.written(verb, PLAN.batch_spec(verb, BATCHES[verb][batch])))


def write_specs():
    """Write every spec before Snakemake looks which files there are, as it lists a folder once; return their names."""
    whole = (review_draw_spec, report_spec, data_spec, manuscript_spec, provenance_spec, crate_spec, findings_spec)
    names = [spec(None) for spec in whole]
    for verb, batches in BATCHES.items():
        names += [batch_spec_file(verb, batch) for batch in batches]
        names += [spec_file(verb, **unit) for unit in PLAN.units(verb).values() if not batches]
    return set(map(str, names))


def spec_of(verb):
    """Return the input function that gives the spec of a verb's unit from its wildcards."""

    def spec(wildcards):
        warn_of_staleness()  # here, as the triggers are not known before
        return spec_file(verb, **dict(wildcards.items()))

    return spec


def review_draw_spec(wildcards):
    """Return the spec of the figures of the review as a whole."""
    return spec_file("draw")


def report_spec(wildcards):
    """Return the spec of the report, whose source is a notebook besides the library."""
    return spec_file("report", notebook=digest_of_file(NOTEBOOK))


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
    return [f"results/report/{file}" for files in report_formats(PLAN.review).values() for file in files]


def findings_spec(wildcards):
    """Return the spec of the checks: what they find in the whole review."""
    return spec_file("check")


def record_of(wildcards):
    """Return the file of a study's record."""
    return local(ancient(PLAN.review.study(wildcards.study).file))


def spec_of_batch(verb):
    """Return the input function that gives the spec of a batch of a verb from its wildcard."""

    def spec(wildcards):
        warn_of_staleness()
        return batch_spec_file(verb, wildcards.batch)

    return spec


def index_of(verb, unit):
    """Return the index of the batch that a unit of a verb is in."""
    return f"results/{verb}/_{digit(unit)}.json"


def files_of(verb, units):
    """Return what is declared of units of a verb: all their files, or the indices of their batches."""
    if BATCHES[verb]:
        return sorted({index_of(verb, unit) for unit in units})
    return [pattern.format(unit=unit) for pattern in RESULTS[verb] for unit in units]


def place(name):
    """Return where a result lies: in a module of another workflow with a prefix, within that."""
    return Path(workflow.modifier.path_modifier.replace_prefix(name))


def put_edited_aside():
    """Put aside each result that is not what a job wrote, so that it is made again, and say so."""
    files = [pattern.format(unit=unit) for verb in RESULTS for unit in PLAN.units(verb) for pattern in RESULTS[verb]]
    files += [file for form in FORMATS for file in review_figures(form)]
    files += [f"results/report/report.{form}" for form in ("html", "ipynb")]
    files += [file for form in FORMS.values() for file in form]
    for file, aside in edited_results.put_edited_aside(map(place, files)):
        sys.stderr.write(f"{file} was edited: it is made again, and what was there is now {aside}\n")


def drop_what_misleads():
    """Remove the results that Snakemake would take for current although they are not, see coppice.jobs.stale_batches."""
    for verb, patterns in RESULTS.items():
        batches = {
            place(index_of(verb, units[0])): [
                place(pattern.format(unit=unit)) for unit in units for pattern in patterns
            ]
            for units in BATCHES[verb].values()
        }
        units = [place(patterns[0].format(unit=unit)) for unit in PLAN.units(verb)]
        stale_batches.drop_misleading(place(f"results/{verb}"), batches, units)


def tell_what_was_pooled():
    """Print a line for each analysis whose result is there: how many of its studies were pooled, and why not the others."""
    if workflow.is_main_process:
        sys.stderr.writelines(f"{line}\n" for line in pooled.at_the_end(PLAN.review, place("results")))


def extracts(units):
    """Return what is declared of units of extract, (study, outcome)."""
    return files_of("extract", map("/".join, units))


def extracts_of(verb):
    """Return the input function that gives the extracts that an analysis reads in a verb."""
    return lambda wildcards: extracts(PLAN.reads(verb, analysis=wildcards.analysis))


def of_batch(verb):
    """Return the input function that gives the extracts of all analyses of a batch of a verb."""
    return lambda wildcards: extracts(
        dict.fromkeys(unit for name in BATCHES[verb][wildcards.batch] for unit in PLAN.reads(verb, analysis=name))
    )


def drawn_pools():
    """Return the pooled results that the figures of the review as a whole read."""
    names = draw.analyses_of(PLAN.review)
    return files_of("pool", names) if BATCHES["pool"] else [f"results/pool/{name}.json" for name in names]


def review_figures(form):
    """Return the figures of the review as a whole in one format."""
    return [f"results/draw/_review/{figure}.{form}" for figure in draw.review_figures(PLAN.review)]


def every_extract():
    """Return all extracts of the review."""
    return extracts(PLAN.extracts)


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


SPECS = write_specs()
# a job on another machine reads the rules too, where files may show late, and a dry run may be asked for beside a run
if workflow.is_main_process and not run_lock.is_marked(Path()):
    put_edited_aside()
    drop_what_misleads()
    if not IS_MODULE:  # another module's specs lie in the same folder
        spec_files.drop_old(SPECS)


wildcard_constraints:
    study="[^/]+",
    outcome="[^/]+",
    analysis="[^/_][^/]*",
    batch="[0-9a-f]",
