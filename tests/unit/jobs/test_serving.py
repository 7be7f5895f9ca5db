"""The stages of the fork server: when each imports, and what it has imported before it forks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from coppice.jobs.serving import await_turn

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
PROMPT_SECONDS = 30.0
HEAVY = ("numpy", "scipy", "pandas", "statsmodels", "matplotlib")


@pytest.fixture
def earlier() -> Iterator[socket.socket]:
    """Give the socket of an earlier stage, which nobody has asked yet."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(f"\0coppice-test/{os.getpid()}")
        listener.listen()
        yield listener


def ask(listener: socket.socket, imports: int) -> None:
    """Ask for a job at an earlier stage, while it still imports."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as job:
        job.connect(listener.getsockname())


def end_imports(listener: socket.socket, imports: int) -> None:
    """Do what an earlier stage does at the end of its imports."""
    os.close(imports)


@pytest.mark.parametrize("event", [ask, end_imports])
def test_the_last_stage_waits_for_a_job_or_for_the_imports_of_the_earlier_ones(
    earlier: socket.socket, event: Callable[[socket.socket, int], None]
) -> None:
    importing, imports = os.pipe()
    waiting = threading.Thread(target=await_turn, args=([earlier], importing), daemon=True)
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    event(earlier, imports)
    waiting.join(PROMPT_SECONDS)
    assert not waiting.is_alive()


def test_a_page_is_made_without_a_numeric_package() -> None:
    code = f"import sys, coppice.report.warm; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
