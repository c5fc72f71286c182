"""A way between client and server does what a network does: it delays, holds and breaks, and never changes anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.chaos.proxy import Way


@asynccontextmanager
async def echoing() -> AsyncIterator[tuple[Way, list[bytes]]]:
    """A way to a server that sends back what it gets, and what that server got."""
    got: list[bytes] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(1 << 16):
                got.append(chunk)
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            got.append(b"<reset>")
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    way = Way("a client~a server", f"{host}:{port}")
    await way.open()
    try:
        yield way, got
    finally:
        await way.close()
        server.close()


async def enter(way: Way) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", way.port)


async def test_everything_passes_unchanged_and_in_order() -> None:
    """Megabytes in both directions at once, and the end of what is said is passed on."""
    async with echoing() as (way, _):
        reader, writer = await enter(way)
        said = bytes(range(256)) * 16_384
        writer.write(said)
        writer.write_eof()
        assert await reader.read(-1) == said
        writer.close()


async def test_what_is_cut_is_held_and_arrives_later() -> None:
    """While the answers are cut the server gets everything and the client nothing; healed, nothing is missing."""
    async with echoing() as (way, got):
        reader, writer = await enter(way)
        way.cut("back")
        writer.write(b"said")
        while not got:
            await asyncio.sleep(0.01)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(4), timeout=0.2)
        way.heal()
        assert await reader.readexactly(4) == b"said"
        writer.close()


async def test_a_cut_network_lets_no_new_connection_through() -> None:
    """As a lost SYN: the client waits, and is served when the network is well again."""
    async with echoing() as (way, got):
        way.cut("there", "back")
        reader, writer = await enter(way)
        writer.write(b"hello")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(5), timeout=0.2)
        assert not got
        way.heal()
        assert await reader.readexactly(5) == b"hello"
        writer.close()


async def test_a_reset_reaches_both_sides_and_loses_what_was_held() -> None:
    """The server took it, the client never learns so: that is how an acknowledgement is lost."""
    async with echoing() as (way, got):
        reader, writer = await enter(way)
        way.cut("back")
        writer.write(b"said")
        while not got:
            await asyncio.sleep(0.01)
        assert await way.reset() == 1
        with pytest.raises(ConnectionError):
            await reader.readexactly(4)
        while got[-1] != b"<reset>":
            await asyncio.sleep(0.01)
        way.heal()
        reader, writer = await enter(way)
        writer.write(b"again")
        assert await reader.readexactly(5) == b"again"
        writer.close()


async def test_a_server_that_is_not_told_hears_nothing_more() -> None:
    """The client is gone and the server believes it there, as when a machine loses its power; others pass as before."""
    async with echoing() as (way, got):
        reader, writer = await enter(way)
        writer.write(b"said")
        assert await reader.readexactly(4) == b"said"
        assert await way.reset(tell_server=False) == 1
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)
        reader, writer = await enter(way)
        writer.write(b"again")
        assert await reader.readexactly(5) == b"again"
        assert got == [b"said", b"again"]
        writer.close()


async def test_a_delay_is_kept_in_each_direction() -> None:
    """There and back, each so much later."""
    async with echoing() as (way, _):
        reader, writer = await enter(way)
        way.delay = 0.15
        began = asyncio.get_running_loop().time()
        writer.write(b"said")
        assert await reader.readexactly(4) == b"said"
        assert asyncio.get_running_loop().time() - began >= 0.3
        writer.close()


async def test_a_server_that_is_gone_is_told_by_a_reset() -> None:
    """Not by silence: a client learns at once that nobody listens behind the way."""
    way = Way("a client~nobody", "127.0.0.1:1")
    await way.open()
    reader, writer = await enter(way)
    with pytest.raises(ConnectionError):
        await reader.readexactly(1)
    writer.close()
    await way.close()
