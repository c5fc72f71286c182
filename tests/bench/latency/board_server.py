"""The boards: one small web server, on which adverts appear at a steady rate, and which notes when it first showed each."""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from tests.bench.latency.adverts import Advert, boards, feed


class Boards:
    """`appeared` and `shown`: when, by link, in seconds since 1970. `appeared` is when a person could have read it,
    `shown` when a poll was given it."""

    def __init__(self) -> None:
        self.port = 0
        self.appeared: dict[str, float] = {}
        self.shown: dict[str, float] = {}
        self._on: dict[str, list[Advert]] = defaultdict(list)

    def put_up(self, adverts: Sequence[Advert]) -> None:
        """These are to be read from now on."""
        for one in adverts:
            self._on[one.board].append(one)
            self.appeared[one.link] = time.time()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Boards"]:
        """Serve until the block ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    def sources(self) -> str:
        """The list of boards for ingest."""
        entries = (
            f"  - {{id: {id_}, name: {name}, kind: rss, url: 'http://127.0.0.1:{self.port}/{id_}', authorities: [{gss}]}}\n"
            for id_, (name, gss) in boards().items()
        )
        return "sources:\n" + "".join(entries)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                writer.write(self._answer(head))
                await writer.drain()
        writer.close()

    def _answer(self, head: str) -> bytes:
        board = head.split(" ", 2)[1].strip("/")
        if board not in boards():
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        shown = self._on[board]
        etag = f'"{len(shown)}"'
        if f"if-none-match: {etag}" in head.lower():
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        body = feed(shown)
        now = time.time()
        for one in shown:
            self.shown.setdefault(one.link, now)
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {etag}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body
