"""What a run prints: a line per verb, then what was pooled, then where the report is; or what to ask for."""

from coppice.jobs import progress
from coppice.plan import claims, pooled


def begin_quietly():
    """Print a line per verb in place of Snakemake's lines of each job."""
    if workflow.is_main_process:
        jobs = {workflow.dag.jobid(job): job.rule.name for job in workflow.dag.needrun_jobs() if not job.is_norun}
        progress.shorten(logger, workflow.output_settings.quiet or (), jobs)


def tell_where_the_report_is():
    """Print the report's path, if this run was asked for it."""
    page = place(TARGETS.report_files("page")[0])
    if workflow.is_main_process and page.exists() and any(job.rule.name == "report" for job in workflow.dag.jobs):
        sys.stderr.write(f"the report: {page}\n")


def tell_what_was_pooled():
    """Print a line for each analysis whose result is there: how many of its studies were pooled, and why not the others."""
    if workflow.is_main_process:
        for part in (pooled, claims):
            sys.stderr.writelines(f"{line}\n" for line in part.at_the_end(PLAN.review, place("results")))


def advice(wildcards):
    """End with one line that says what to ask for in place of a file that is not a result."""
    raise SystemExit(TARGETS.advice(f"results/{wildcards.file}"))
