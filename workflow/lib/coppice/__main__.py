"""Entry point of `python -m coppice`."""

import sys

from coppice.jobs.fork_server import SERVE, run


def main(arguments: list[str]) -> int:
    """Run one command; the command line is imported only where no other process runs the command."""
    from coppice import cli

    return cli.main(arguments)


def command() -> int:
    """Run the command line of this process: what `coppice` and `python -m coppice` do, and the server of a run."""
    if sys.argv[1:] == [SERVE]:
        from coppice.jobs.serving import serve_run

        return serve_run(main)
    return run(sys.argv[1:], main)


if __name__ == "__main__":
    sys.exit(command())
