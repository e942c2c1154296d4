"""Which process this is, and which of this machine's others are dead: what they held is given back at once."""

import os
import secrets
import socket
from datetime import UTC, datetime, timedelta

import psutil

from service.clock import Clock
from storage import processes, queue
from storage.db import Store

START_TOLERANCE = timedelta(seconds=2)
"""A start time is counted from the boot, which the kernel's clock may move by a second."""


async def enrol(store: Store, clock: Clock) -> str:
    """Write this process down, and free what dead ones of this machine held. Its owner name.

    Dead means that no process has that pid and that start time: in a container every bot is pid 1.
    """
    host, pid = socket.gethostname(), os.getpid()
    owner = f"{host}:{pid}:{secrets.token_hex(4)}"
    started = datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC)

    def work() -> None:
        dead = [name for name, pid, at in processes.of_host(host) if not _lives(pid, at)]
        queue.free_claims(dead)
        processes.strike(dead)
        processes.enrol(owner, host, pid, started, clock.now())

    await store.transact(work)
    return owner


def _lives(pid: int, started: datetime) -> bool:
    try:
        running = psutil.Process(pid)
        born = datetime.fromtimestamp(running.create_time(), UTC)
        if running.status() == psutil.STATUS_ZOMBIE:
            return False
    except psutil.NoSuchProcess:
        return False
    return abs(born - started) < START_TOLERANCE
