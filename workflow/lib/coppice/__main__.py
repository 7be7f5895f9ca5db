"""Entry point of `python -m coppice`."""

import sys

from coppice.jobs.fork_server import SERVE, run


def main(arguments: list[str]) -> int:
    """Run one command; the command line is imported only where no other process runs the command."""
    from coppice import cli

    return cli.main(arguments)


def serve() -> int:
    """Wait for the jobs of a run."""
    from coppice.jobs.serving import serve_run

    return serve_run(main)


if __name__ == "__main__":
    sys.exit(serve() if sys.argv[1:] == [SERVE] else run(sys.argv[1:], main))
