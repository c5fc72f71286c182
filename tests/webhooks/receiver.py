"""A receiver over a real socket that verifies each signature with Standard Webhooks' own library, and misbehaves as it is
told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks.webhooks import Webhook

Reply = Callable[["Taken", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Taken:
    """A request whose signature was right."""

    path: str
    id: str
    timestamp: int
    signatures: tuple[str, ...]
    content_type: str
    event: dict[str, Any]

    @property
    def revision(self) -> int:
        """Of the state that it carries."""
        return int(next(v["revision"] for v in self.event["data"].values() if isinstance(v, dict)))


def says(status: int, body: bytes = b"", **headers: str) -> Reply:
    """An ordinary answer."""

    async def reply(_: Taken, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return reply


OK = says(200, b"thank you")


@dataclass
class Receiver:
    """`reply` may be changed at any time, or `by_path` for one path. `secrets` by path; a request with another signature
    is counted in `forged` and answered 401."""

    reply: Reply = OK
    by_path: dict[str, Reply] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    forged: int = 0
    url: str = ""
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Receiver"]:
        """Listen until the block ends."""
        tasks: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            try:
                await self._serve(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                tasks.discard(task)
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()

    async def until(self, enough: Callable[["Receiver"], bool], *, seconds: float = 30) -> None:
        """Wait until it has taken enough."""
        async with asyncio.timeout(seconds), self.news:
            await self.news.wait_for(lambda: enough(self))

    def of(self, path: str) -> list[Taken]:
        """What came to that path."""
        return [one for one in self.taken if one.path == path]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        path = first.split()[1]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        try:
            Webhook(self.secrets[path]).verify(body, headers)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is forged
            self.forged += 1
            return await says(401)(None, writer)  # type: ignore[arg-type]
        one = Taken(
            path,
            headers["webhook-id"],
            int(headers["webhook-timestamp"]),
            tuple(headers["webhook-signature"].split(" ")),
            headers["content-type"],
            json.loads(body),
        )
        async with self.news:
            self.taken.append(one)
            self.news.notify_all()
        await self.by_path.get(path, self.reply)(one, writer)
        return None
