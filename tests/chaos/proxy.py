"""A way: a TCP proxy between one client and one server, on which the network can be made to fail.

What is cut or delayed is held, not dropped, as TCP does with what gets lost: it arrives when the network is well again,
unless the connection was reset meanwhile.
"""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass, field
from typing import Literal

from deploy.local.server import free_port

Direction = Literal["there", "back"]
"""From the client to the server, or back."""

_CHUNK = 1 << 20
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


@dataclass(eq=False)
class Way:
    """One way, called `name`, to the server at `target` (host:port). Clients connect to `address`."""

    name: str
    target: str
    port: int = field(default_factory=free_port)
    delay: float = 0.0
    """Seconds that everything is later, in each direction."""
    _server: asyncio.Server | None = None
    _open: dict[Direction, asyncio.Event] = field(
        default_factory=lambda: {"there": asyncio.Event(), "back": asyncio.Event()}
    )
    _passing: set["asyncio.Task[None]"] = field(default_factory=set)
    _untold: set["asyncio.Task[None]"] = field(default_factory=set)
    _tells: bool = True

    @property
    def address(self) -> str:
        """Where the clients connect: host:port."""
        return f"127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._passing)

    async def open(self) -> None:
        """Listen. Raises OSError if the port was taken."""
        self.heal()
        self._server = await asyncio.start_server(self._enter, "127.0.0.1", self.port, limit=_CHUNK)

    async def close(self) -> None:
        """Listen no more, and reset what is connected."""
        if self._server is not None:
            self._server.close()
        await self.reset()
        for task in self._untold:
            task.cancel()
        await asyncio.gather(*self._untold, return_exceptions=True)

    def cut(self, *directions: Direction) -> None:
        """Nothing passes in these directions, nor does a new connection come about, until `heal`."""
        for direction in directions:
            self._open[direction].clear()

    def heal(self) -> None:
        """All passes at once; what was held arrives."""
        self.delay = 0.0
        for gate in self._open.values():
            gate.set()

    async def reset(self, *, tell_server: bool = True) -> int:
        """Break every connection, as a router does that forgot them: both sides see a reset, and what was held is lost.
        Returns how many there were.

        Not told, the server believes its side to be well, and hears nothing there any more, as when the client's
        machine lost its power.
        """
        broken, self._tells = list(self._passing), tell_server
        for task in broken:
            task.cancel()
        await asyncio.gather(*broken, return_exceptions=True)
        self._tells = True
        return len(broken)

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        try:
            await self._connect(reader, writer)
        except asyncio.CancelledError:
            pass  # a reset: asyncio would report the end of a connection's task by it
        finally:
            self._passing.discard(task)
            _break(writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for gate in self._open.values():
            await gate.wait()
        host, _, port = self.target.partition(":")
        try:
            beyond, to_server = await asyncio.open_connection(host, int(port), limit=_CHUNK)
        except OSError:
            return  # the client sees a reset, as from a server that is not there
        pumps = [
            asyncio.create_task(self._pump("there", reader, to_server)),
            asyncio.create_task(self._pump("back", beyond, writer)),
        ]
        try:
            await asyncio.gather(*pumps)
            for ended in (writer, to_server):  # both sides have said that they are done
                ended.close()
                await ended.wait_closed()
        except OSError:
            pass  # either side went away: the other side is told so by the reset
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            if self._tells:
                _break(to_server)
            else:
                untold = asyncio.create_task(_sink(beyond, to_server))
                self._untold.add(untold)
                untold.add_done_callback(self._untold.discard)

    async def _pump(
        self, direction: Direction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while chunk := await reader.read(_CHUNK):
            if self.delay:
                await asyncio.sleep(self.delay)
            await self._open[direction].wait()
            writer.write(chunk)
            await writer.drain()
        await self._open[direction].wait()
        with contextlib.suppress(OSError):
            writer.write_eof()


async def _sink(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what a server says to nobody, until it gives up."""
    try:
        while await reader.read(_CHUNK):
            pass
    except OSError:
        pass  # it gave up
    finally:
        _break(writer)


def _break(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, unless it is closed already."""
    connection = writer.get_extra_info("socket")
    if connection is not None and not writer.transport.is_closing():
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.transport.abort()
