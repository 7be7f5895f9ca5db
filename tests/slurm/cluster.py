"""A Slurm cluster of one machine: the daemons of Debian's slurm-wlm and munge, with everything of theirs in one folder."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# fixed by Debian's build: the jobs' own commands look here, whatever the environment of the submission says
CONFIGURATION = Path("/etc/slurm/slurm.conf")
PATIENCE_SECONDS = 60

NAME = "coppice-test"
SLURM_CONF = """ClusterName={name}
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory_mb} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def state() -> str:
    shown = subprocess.run(["sinfo", "--noheader", "--format=%t"], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or shown.stderr.strip()


def stop(folder: Path) -> None:
    """End the daemons that left their process number in a folder."""
    for name in ("slurmd", "slurmctld", "munged"):
        number = folder / f"{name}.pid"
        if number.exists():
            subprocess.run(["kill", number.read_text().strip()], check=False, stderr=subprocess.DEVNULL)


def remove_leftover() -> None:
    """Remove the cluster of an earlier run that was killed before it could.

    Raises
    ------
    RuntimeError
        If this machine has a Slurm of its own, which is left alone.
    """
    if not CONFIGURATION.exists():
        return
    settings = dict(line.split("=", 1) for line in CONFIGURATION.read_text("utf-8").splitlines() if "=" in line)
    if settings.get("ClusterName") != NAME:
        raise RuntimeError(f"{CONFIGURATION} is there: this machine belongs to a cluster, which is no place for this")
    stop(Path(settings["StateSaveLocation"]).parent)
    CONFIGURATION.unlink()


@contextmanager
def cluster(folder: Path) -> Iterator[None]:
    """Run a cluster as long as the block lasts; root alone can.

    Raises
    ------
    RuntimeError
        If this machine has a Slurm of its own, which is left alone, or the node does not come up.
    """
    remove_leftover()
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o600)
    files = {"key-file": "munge.key", "socket": "munge.socket", "pid-file": "munged.pid", "log-file": "munged.log"}
    files |= {"seed-file": "munge.seed"}
    host = socket.gethostname().partition(".")[0]
    CONFIGURATION.parent.mkdir(exist_ok=True)
    CONFIGURATION.write_text(
        SLURM_CONF.format(
            name=NAME,
            host=host,
            folder=folder,
            controller_port=free_port(),
            node_port=free_port(),
            cores=os.cpu_count(),
            memory_mb=memory_mb(),
        ),
        "utf-8",
    )
    try:
        munged = [f"--{option}={folder / file}" for option, file in files.items()]
        subprocess.run(["munged", "--force", *munged], check=True)
        subprocess.run(["slurmctld"], check=True)
        subprocess.run(["slurmd", "-N", host], check=True)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while state() != "idle":
            if time.monotonic() > deadline:
                raise RuntimeError(f"the node did not come up: {state()}")
            time.sleep(0.2)
        yield
    finally:
        stop(folder)
        CONFIGURATION.unlink()
