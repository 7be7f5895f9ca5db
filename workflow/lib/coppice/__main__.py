"""Entry point of `python -m coppice`."""

import sys

from coppice.jobs.fork_server import run

MANY_JOBS = frozenset({"extract", "pool", "explore", "draw"})  # the report is one job

sys.exit(run(sys.argv[1:], MANY_JOBS))
