"""Entry point of `python -m coppice`."""

import sys

from coppice.jobs.fork_server import run


def main(arguments: list[str]) -> int:
    """Run one command; the command line is imported only where no other process runs the command."""
    from coppice import cli

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], main))
