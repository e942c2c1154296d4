"""Between Muster and a PostgreSQL that can be made to fall silent without closing anything."""

import asyncio
import contextlib
from urllib.parse import parse_qs, quote, urlsplit

SOCKET = ".s.PGSQL.5432"


class Wire:
    """`async with Wire(url, folder) as wire`: `wire.url` leads to the same server; `wire.cut()` and it says nothing."""

    def __init__(self, url, folder):
        parts = urlsplit(url)
        self._server = parse_qs(parts.query)["host"][0]
        self._folder = folder
        self._open = asyncio.Event()
        self._open.set()
        self._tasks = []
        self.url = f"postgresql://postgres:@/{parts.path[1:]}?host={quote(str(folder), safe='')}"

    async def __aenter__(self):
        self._listening = await asyncio.start_unix_server(self._join, self._folder / SOCKET)
        return self

    async def __aexit__(self, *problem):
        self._listening.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self):
        self._open.clear()

    def mend(self):
        self._open.set()

    async def _join(self, reader, writer):
        server_reader, server_writer = await asyncio.open_unix_connection(f"{self._server}/{SOCKET}")
        self._tasks += [
            asyncio.create_task(self._carry(reader, server_writer)),
            asyncio.create_task(self._carry(server_reader, writer)),
        ]

    async def _carry(self, source, sink):
        with contextlib.suppress(ConnectionError), contextlib.closing(sink):
            while chunk := await source.read(65536):
                await self._open.wait()
                sink.write(chunk)
                await sink.drain()
