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
    from coppice.core import results_layout
    from coppice.jobs import fork_server, outdated, run_lock
except ImportError as error:
    raise SystemExit(
        f"Coppice's library can't be imported ({error}); run `make report`, or install requirements.lock into this environment"
    ) from None

IS_MODULE = workflow.modifier.parent_modifier is not None  # `modifier.is_module` is true of the workflow itself, too


def interpreter():
    """Return what jobs call: the interpreter that runs Snakemake, or in an environment of their own the one there."""
    return "python" if getattr(workflow.deployment_settings, "deployment_method", None) else sys.executable


os.environ.update(
    # what jobs call; a variable, as the path of an interpreter in a command would be an edit of the rule
    COPPICE_PYTHON=interpreter(),
    # what lies beside that interpreter; the rules of a workflow that Coppice is a module of see this too
    PATH=os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]),
    COPPICE_LIBRARY=str(Path(fork_server.__file__).parents[2]),  # read by workflow/envs/coppice.post-deploy.sh
    COPPICE_RUN=f"{socket.gethostname()}:{os.getpid()}:{os.urandom(16).hex()}",
)


def configuration():
    """Return the configuration's files and what the command line sets over them."""
    if workflow.modifier.skip_configfile:
        return [], config
    # a module without `config:` does not read the configuration of the workflow that it is a module of
    named = workflow.overwrite_configfiles if IS_MODULE else workflow.configfiles
    return [Path(file) for file in named] or [Path("config/config.yaml")], workflow.config_settings.config


def source(name):
    """Return a file of the workflow: relative in a checkout, so that a moved one stays current."""
    return os.path.relpath(LIBRARY.parent / name) if LIBRARY.is_dir() else str(workflow.source_path(f"../{name}"))


def place(name):
    """Return where a result lies: in a module of another workflow with a prefix, within that."""
    return Path(workflow.modifier.path_modifier.replace_prefix(name))


def runs_jobs_here():
    """Return whether jobs run in this environment, and are not only listed."""
    return workflow.is_main_process and interpreter() == sys.executable and not {"-n", "--dry-run"} & {*sys.argv}


# first, as what jobs need is imported while the review is read and Snakemake plans; jobs elsewhere start the server themselves
start_server = cache(fork_server.start)
if runs_jobs_here() and outdated.is_edited_since(place(results_layout.PAGE), configuration()[0]):
    start_server()

from coppice.core.errors import BadInput
from coppice.plan import extras, plan
from coppice.plan.targets import Targets


def checked_plan():
    """Return the checked review, or end with one line for each thing that is wrong."""
    try:
        checked = plan.load(*configuration())
        if interpreter() == sys.executable:  # what runs the jobs is this environment, so that what it lacks is known
            extras.check(checked.review)
        return checked
    except BadInput as problems:
        raise SystemExit(str(problems)) from None


PLAN = checked_plan()
NOTEBOOK = source("notebooks/report.py")
TARGETS = Targets(PLAN, NOTEBOOK, source("Snakefile"))
# a variable, as the path of an input changes where a review moves beside its checkout; its content is in the spec
os.environ.update(COPPICE_NOTEBOOK=NOTEBOOK)
# written before Snakemake looks which files there are, as it lists a folder once; `check` and each format have a folder
JOBS = list(TARGETS.jobs())

if workflow.is_main_process:
    # the jobs of a workflow that this is a module of are not counted, so that its marks may be those of a living one
    run_lock.hold(Path(), remove=not IS_MODULE)
    # a job on another machine reads the rules too, where files may show late, and a dry run may be asked for beside a run
    if not run_lock.is_marked(Path()):
        # another module's specs lie in the same folder, so that a module drops none
        sys.stderr.writelines(f"{line}\n" for line in outdated.prepare(JOBS, place, drop=not IS_MODULE))
        if runs_jobs_here() and outdated.any_to_make(JOBS, place):
            start_server()


@cache
def warn_of_staleness():
    """Say once that edits can be missed, where Snakemake is told not to look which files a result was made from."""
    if workflow.is_main_process and RerunTrigger.INPUT not in workflow.rerun_triggers:
        logger.warning(
            "--rerun-triggers without `input`: an edit of the review that a dry run or an earlier run has seen changes no result"
        )


def spec_of(verb):
    """Return the input function that gives the spec of a verb's unit, or of its batch, from its wildcards."""

    def spec(wildcards):
        warn_of_staleness()  # here, as the triggers are not known before
        unit = dict(wildcards.items())
        return local(TARGETS.batch_spec(verb, **unit) if "batch" in unit else TARGETS.spec(verb, **unit))

    return spec


def report_spec(format):
    """Return the input function that gives the spec of one format of the report."""
    return lambda wildcards: local(TARGETS.report_spec(format))


def record_of(wildcards):
    """Return the file of a study's record."""
    return local(ancient(PLAN.review.study(wildcards.study).file))


def extracts_of(verb):
    """Return the input function that gives the extracts that an analysis, or a batch of them, reads in a verb."""
    return lambda wildcards: (
        TARGETS.extracts_of_batch(verb, wildcards.batch)
        if "batch" in wildcards.keys()
        else TARGETS.extracts(PLAN.reads(verb, analysis=wildcards.analysis))
    )


wildcard_constraints:
    batch="[0-9a-f]",
