"""What a run prints: one line per verb when its jobs are done, and everything that went wrong.

Snakemake's log file, `.snakemake/log/`, holds everything, and the console too with `snakemake --quiet host`.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Iterable, Mapping

QUIET = frozenset({"host", "reason"})  # what the profiles say: whoever asks for something else gets what was asked for
EVENT, FINISHED = "event", "job_finished"  # Snakemake's names of what its records report


def name(rule: str) -> str:
    """Return what the jobs of a rule are counted as: those of units and of batches of a verb together."""
    return rule.removesuffix("_batch").replace("_", " ")


class Lines(logging.Filter):
    """A filter of a handler: drops what Snakemake reports of each job, and prints a line when all jobs of a verb are done.

    Parameters
    ----------
    jobs : mapping
        The rule of each job that will run, by the job's id.
    """

    def __init__(self, jobs: Mapping[int, str]) -> None:
        super().__init__()
        self.jobs = {job: name(rule) for job, rule in jobs.items()}
        self.total, self.done = Counter(self.jobs.values()), Counter[str]()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether Snakemake's own line is printed: warnings and errors are."""
        if getattr(record, EVENT, None) == FINISHED and (verb := self.jobs.pop(record.__dict__["job_id"], None)):
            self.done[verb] += 1
            if self.done[verb] == self.total[verb]:
                jobs = "1 job" if self.total[verb] == 1 else f"{self.total[verb]} jobs"
                sys.stderr.write(f"{verb}: {jobs} done\n")
        return record.levelno >= logging.WARNING


def shorten(logger: logging.Logger, quiet: Iterable[str], jobs: Mapping[int, str]) -> None:
    """Let the console show a line per verb, unless the user has asked for more or for less than the profiles do."""
    if {str(item).rpartition(".")[2].casefold() for item in quiet} != QUIET:
        return
    for handler in logger.handlers:
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            handler.addFilter(Lines(jobs))
