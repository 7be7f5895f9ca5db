"""A fork server: each package is imported once per run, while Snakemake still plans, and jobs are forks of that process.

Importing statsmodels or matplotlib takes longer than pooling or drawing a small analysis. A run with work to do starts the
server: a process for each of three stages imports what its verbs need, waits on a socket, and forks for each job of these
verbs, which then runs exactly as it would in a process of its own. A job that finds no server runs by itself, and starts one
for the later jobs; whatever goes wrong on the way, the job runs by itself. The waiting processes end with the run of Snakemake
that they belong to.

Used where the environment variable COPPICE_RUN names a run on this machine, and on Linux only, whose abstract sockets
leave nothing behind in the file system.
"""

from __future__ import annotations

import _socket  # what a job asks with: `socket`, which stands on it, takes a third of such a job's time to import
import array
import os
import struct
import sys
from collections.abc import Callable

from coppice.core.environment import JOBS_LOCK, PINNED, RUN_VARIABLE

POLL_SECONDS = 0.2  # how often a job, or a process that waits for jobs, looks whether its run is still there
EXIT_CODE = struct.Struct("!i")
CREDENTIALS = struct.Struct("3i")  # process, user, group
STANDARD_STREAMS = (1, 2)
PARENT_DEATH_SIGNAL = 1  # of prctl: PR_SET_PDEATHSIG
Main = Callable[[list[str]], int]
# Stage by stage, which verbs have their jobs run there, and what is imported besides their commands.
STAGES: tuple[dict[str, tuple[str, ...]], ...] = (
    {"extract": ()},
    {"pool": (), "explore": ()},
    {"draw": ("coppice.draw.warm",), "report": ("coppice.report.warm",)},
)
STAGE_OF = {verb: number for number, stage in enumerate(STAGES) for verb in stage}
SERVE = "serve"  # what the server is called with in place of a verb
SEPARATOR = "\0"  # between the parts of a request: no argument, folder or secret can hold it


def run_process() -> int | None:
    """Return the process of the run that this job belongs to, if that run is on this machine."""
    machine, process, *_ = [*os.environ.get(RUN_VARIABLE, "").split(":"), ""]
    if sys.platform != "linux" or machine != _socket.gethostname() or not process.isdigit():
        return None
    if "APPTAINER_CONTAINER" in os.environ:  # its mounts may end with the job that it was started for
        return None
    return int(process)


def address(stage: int, process: int) -> str:
    """Return the name of the abstract socket on which jobs of a stage are taken."""
    return f"\0coppice/{os.getuid()}/{process}/{stage}"


def is_own(connection: _socket.socket) -> bool:
    """Return whether the other end of a connection is a process of the same user."""
    content = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, CREDENTIALS.size)
    return bool(CREDENTIALS.unpack(content)[1] == os.getuid())


def answered(connection: _socket.socket, process: int) -> bytes:
    """Return the answer to a request: that the command failed, where the run is gone before there is one."""
    from contextlib import suppress

    connection.settimeout(POLL_SECONDS)
    while is_alive(process):
        with suppress(TimeoutError):
            return connection.recv(EXIT_CODE.size)
    return EXIT_CODE.pack(1)


def delegate(arguments: list[str], process: int) -> int | None:
    """Let the waiting process run a command, and return its exit code; None if it was not taken to its end."""
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    try:
        connection.setblocking(False)  # not to wait in a queue that is full, which nobody may be serving
        connection.connect(address(STAGE_OF[arguments[0]], process))
        connection.setblocking(True)
        if not is_own(connection):
            return None
        parts = (os.environ[RUN_VARIABLE], os.getcwd(), *arguments)  # noqa: PTH109 (pathlib takes longer than all the rest)
        streams = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", STANDARD_STREAMS))
        connection.sendmsg([os.fsencode(SEPARATOR.join(parts))], [streams])
        answer = answered(connection, process)
        return int(EXIT_CODE.unpack(answer)[0]) if len(answer) == EXIT_CODE.size else None
    except OSError:
        return None
    finally:
        connection.close()


def is_alive(process: int) -> bool:
    """Return whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def start() -> None:
    """Start the server of the run that this process belongs to; where there is one already, the new one ends at once."""
    import subprocess

    command = [sys.executable, "-m", "coppice", SERVE]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def end_with_shell() -> None:
    """Let the system end this process when the shell of its job is killed: Snakemake takes the job for failed then.

    What the job wrote after that would have no record of what it was made from, and could be taken for current later.
    """
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, int(signal.SIGKILL))


def end_with_run(process: int) -> None:
    """End this process when its run was killed: the next one waits for it, and makes again what it would still write."""
    import threading
    import time

    def wait() -> None:
        while is_alive(process):
            time.sleep(POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def count_as_job() -> None:
    """Count as a living job of the review, which is the working directory, until this process ends."""
    try:
        import fcntl

        number = os.open(JOBS_LOCK, os.O_RDWR | os.O_CREAT, 0o666)  # never closed; the folder is the run's to make
        fcntl.flock(number, fcntl.LOCK_SH)
    except (ImportError, OSError):  # no such locks here
        pass


def end_at_interrupt() -> None:
    """End at Ctrl-C without a word: a traceback for each job would hide what Snakemake says; nothing is half-written."""
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is ignored, as under nohup
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(arguments: list[str], main: Main) -> int:
    """Run a command and return its exit code: by the server where there is one, otherwise here; `main` runs a command."""
    end_at_interrupt()
    os.environ.update(PINNED)
    process = run_process()
    if process is not None:
        end_with_shell()
    if RUN_VARIABLE in os.environ:
        count_as_job()
    # in this order: a run that starts after the old one was killed either waits for this job, or the job finds the old one dead
    if process is not None and not is_alive(process):
        return 1
    if process is not None and arguments and arguments[0] in STAGE_OF:
        code = delegate(arguments, process)
        if code is not None:
            return code
        start()
    if process is not None:
        end_with_run(process)
    return main(arguments)
