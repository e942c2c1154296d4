"""The machine that Muster runs on: who listens at a port, and how much room a disk has."""

import asyncio
import os
import shutil
import socket
from pathlib import Path

import aiohttp

from domain.doctor import Listener

NAME = "Muster"
"""As handlers/http/server.py calls itself in its answers."""

ASKED_WITHIN_S = 3.0


class Machine:
    """A Host, over the system's own calls."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def listener(self, host: str, port: int) -> Listener | None:
        """Who has this port already; None where it can be had. Raises OSError for a host that is not this machine."""
        try:
            await asyncio.to_thread(_bound, host, port)
        except OSError:
            # Bound to no port in particular: whatever fails then is the host's fault.
            await asyncio.to_thread(_bound, host, 0)
            return await self._asked(host, port)
        return None

    async def _asked(self, host: str, port: int) -> Listener:
        near = f"[{host}]" if ":" in host else host
        try:
            async with asyncio.timeout(ASKED_WITHIN_S), self._session.get(f"http://{near}:{port}/readyz") as answer:
                if answer.headers.get("Server") != NAME:
                    return Listener(muster=False)
                said = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
            return Listener(muster=False)
        return Listener(muster=True, reasons=tuple(map(str, said.get("reasons", ()))))

    def free(self, path: Path) -> tuple[int, Path]:
        """Bytes free in the folder where this file stands or would stand, and that folder."""
        folder = _standing(path)
        return shutil.disk_usage(folder).free, folder

    def may_make(self, path: Path) -> bool:
        """Whether a file that is not there could be made."""
        folder = _standing(path)
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _bound(host: str, port: int) -> None:
    """Bind as the server does, and let go. Raises OSError."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


def _standing(path: Path) -> Path:
    """The nearest of a file's folders that is there; a file in the place of a folder counts as itself."""
    return next(folder for folder in path.absolute().parents if folder.exists())
