"""Whoever waits for a first answer is told as soon as it comes, and goes on where it does not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.first_answers import listed_boards, page_opens
from deploy.local.server import free_port


@contextlib.asynccontextmanager
async def _answers(*said: str, port: int | None = None) -> AsyncIterator[str]:
    """A server that answers with these statuses in turn and then stays with the last; its body is a list of boards."""
    left, open_ = list(said), set[asyncio.Task[None]]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_.add(asyncio.current_task())  # type: ignore[arg-type]
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
            await reader.readuntil(b"\r\n\r\n")
            status = left.pop(0) if len(left) > 1 else left[0]
            writer.write(
                f'HTTP/1.1 {status}\r\nContent-Length: 7\r\nConnection: close\r\n\r\n["one"]'.encode()
            )
            await writer.drain()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", port or 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    await asyncio.gather(*open_)


async def test_a_page_opens_once_it_is_shown() -> None:
    """Not while nobody listens, nor while the answer is that it cannot be shown yet."""
    port = free_port()
    waiting = asyncio.create_task(page_opens(f"http://127.0.0.1:{port}/", within=30))
    await asyncio.sleep(0)
    assert not waiting.done()
    async with _answers("503 Not yet", "500 Nor now", "200 OK", port=port):
        assert await waiting


async def test_a_page_that_does_not_open_holds_up_nobody_for_ever() -> None:
    """After so many seconds the others start without it."""
    async with _answers("503 Not yet") as nowhere:
        assert not await page_opens(nowhere, within=0.2)


async def test_boards_are_asked_until_they_answer(tmp_path: Path) -> None:
    """What they list is given back as it is."""
    async with _answers("503 Not yet", "200 OK") as boards:
        assert await listed_boards(boards, tmp_path / "boards.log") == ["one"]


async def test_boards_that_never_answer_are_named_with_their_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address and where to look are in the error."""
    monkeypatch.setattr("deploy.local.first_answers._LOOK", 0.0)
    url = f"http://127.0.0.1:{free_port()}/"
    with pytest.raises(RuntimeError, match=r"sources\.json; see .*boards\.log"):
        await listed_boards(url, tmp_path / "boards.log")
