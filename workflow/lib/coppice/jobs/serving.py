"""What the fork server does: a process for each stage imports what its verbs need, and forks for each job of these verbs."""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import sys
import threading
from contextlib import suppress

from coppice.core.environment import PINNED, RUN_VARIABLE
from coppice.jobs.fork_server import (
    EXIT_CODE,
    POLL_SECONDS,
    SEPARATOR,
    STAGES,
    STANDARD_STREAMS,
    Main,
    address,
    count_as_job,
    end_at_interrupt,
    is_alive,
    is_own,
    run_process,
)

LARGEST_REQUEST = 1 << 20
BACKLOG = 128  # jobs that may wait to be taken; more run by themselves
# Snakemake plans on one and the imports of the first jobs take another; with so few, the last stage imports after them.
CORES_OF_PLANNING = 2


def execute(arguments: list[str], main: Main) -> int:
    """Run a command in this process, and return its exit code whatever happens."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
        return 1


def end_with(connection: socket.socket) -> None:
    """End this process when whoever asked for the command is gone: what it would still write counts as failed."""

    def wait() -> None:
        with suppress(OSError):
            connection.recv(1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def serve_one(connection: socket.socket, main: Main) -> None:
    """Run one command that was asked for, in a process made for it; never returns."""
    request, streams, _, _ = socket.recv_fds(connection, LARGEST_REQUEST, len(STANDARD_STREAMS))
    for stream, target in zip(streams, STANDARD_STREAMS, strict=True):
        os.dup2(stream, target)
        os.close(stream)
    run_name, folder, *arguments = os.fsdecode(request).split(SEPARATOR)
    # another run may have the same address: a process number is given again, and containers can share a network
    if run_name != os.environ[RUN_VARIABLE]:
        os._exit(1)
    os.chdir(folder)
    count_as_job()
    end_with(connection)
    code = execute(arguments, main)
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(EXIT_CODE.pack(code))
    os._exit(0)


def serve(listener: socket.socket, process: int, main: Main) -> None:
    """Fork a process for each command that is asked for, as long as the run is there; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    gc.freeze()  # the pages of what is imported stay shared
    listener.settimeout(POLL_SECONDS)
    while is_alive(process):
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        connection.setblocking(True)
        if is_own(connection) and os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            serve_one(connection, main)
        connection.close()
    os._exit(0)


def listen(stage: int, process: int) -> socket.socket:
    """Return the socket of a stage: jobs may ask from now on, and wait until its packages are imported."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address(stage, process))  # only one process can
    listener.listen(BACKLOG)
    return listener


def await_turn(earlier: list[socket.socket], importing: int) -> None:
    """Wait until a job asks at an earlier stage, or no earlier stage imports: until then `importing` is the end of an open pipe."""
    waiting = select.poll()
    for listener in earlier:
        waiting.register(listener, select.POLLIN)
    waiting.register(importing, select.POLLHUP)
    waiting.poll()


def import_stage(stage: dict[str, tuple[str, ...]]) -> None:
    """Import what the jobs of a stage need."""
    for verb, others in stage.items():
        for module in (f"coppice.{verb}.command", *others):
            importlib.import_module(module)


def serve_stages(process: int, main: Main) -> None:
    """Take jobs of every stage from now on, each in a process of its own that runs them as soon as its imports are done."""
    try:
        listeners = [listen(stage, process) for stage in range(len(STAGES))]
    except OSError:  # there is a server
        return
    importing, earlier_imports = os.pipe()
    for number, stage in enumerate(STAGES):
        is_last = number == len(STAGES) - 1
        if is_last:
            os.close(earlier_imports)
        if os.fork() == 0:
            if is_last and len(os.sched_getaffinity(0)) <= CORES_OF_PLANNING:
                await_turn(listeners[:number], importing)
            for place, listener in enumerate(listeners):
                if place != number:
                    listener.close()
            import_stage(stage)
            if not is_last:
                os.close(earlier_imports)
            serve(listeners[number], process, main)


def serve_run(main: Main) -> int:
    """Take the jobs of the run that this process belongs to, until it ends; `main` runs a command."""
    end_at_interrupt()
    os.environ.update(PINNED)
    if (process := run_process()) is not None:
        serve_stages(process, main)
    return 0
