"""A relay that does at every question what it is told to, and keeps what is true: what it took, and whether it said so.

It also watches its client: what RFC 5321 and RFC 2920 forbid is kept in `forbidden`. `RelayModel` is one connection without
a socket; `ScriptedRelay` serves it on one.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Stage: TypeAlias = Literal["greeting", "ehlo", "mail", "rcpt", "data", "message", "rset", "quit"]
Decide: TypeAlias = Callable[[Stage, str], str]
"""Given a stage and the address or Message-ID, what to do: `ok`; an answer such as `451 4.3.0 later`, in lines if it has
several; `drop` (hang up without a word), `stall` (never speak again); for a message also `take and drop`, `take and stall`.
`again` says ok twice. An answer is said as it is given, be it nonsense."""


OFFERS = ("PIPELINING", "SIZE 10000000", "8BITMIME", "ENHANCEDSTATUSCODES")
_REPLY = re.compile(r"([2-5]\d\d)(-[^\r\n]*\r\n\1)*( [^\r\n]*)?")


@dataclass
class Truth:
    """What really happened at a relay, over all connections."""

    said: list[str] = field(default_factory=list)  # Message-IDs taken, and told so
    clearly: list[str] = field(default_factory=list)  # those of them that no nonsense was said before
    unsaid: list[str] = field(default_factory=list)  # taken, and not told
    recipients: dict[str, list[str]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    forbidden: list[str] = field(default_factory=list)
    connections: int = 0
    writes_shared: int = 0  # pieces in which a message's end and the next MAIL came together


@dataclass
class RelayModel:
    """One connection: bytes in, bytes out; None: it hangs up."""

    truth: Truth
    decide: Decide
    offers: tuple[str, ...] = OFFERS
    patient: bool = False  # answers DATA with 354 even where nobody is to get the message
    _buffer: bytes = b""
    _sender: str | None = None
    _recipients: list[str] = field(default_factory=list)
    _in_message: bool = False
    _mute: bool = False
    _garbled: bool = (
        False  # nonsense was said: from then on its client cannot know which answer belongs to what
    )

    def greet(self) -> Iterator[bytes | None]:
        """The first words."""
        yield from self._answer(self.decide("greeting", ""), "220 relay.example")

    def feed(self, data: bytes) -> Iterator[bytes | None]:
        """What it says to this."""
        if re.search(rb"\r\n\.\r\nMAIL FROM", data):
            self.truth.writes_shared += 1
        self._buffer += data
        while not self._mute:
            if self._in_message:
                if self._buffer.startswith(b".\r\n"):
                    whole, self._buffer = b"", self._buffer[3:]
                elif b"\r\n.\r\n" in self._buffer:
                    whole, self._buffer = self._buffer.split(b"\r\n.\r\n", 1)
                else:
                    return
                self._in_message = False
                answers = self._message(whole + b"\r\n")
            elif b"\r\n" in self._buffer:
                line, self._buffer = self._buffer.split(b"\r\n", 1)
                if self._buffer and "PIPELINING" not in self.offers:
                    self._forbid(f"more behind {line!r}")
                answers = self._command(line.decode())
            else:
                return
            for answer in answers:
                yield answer
                if answer is None:
                    return

    def _command(self, line: str) -> Iterator[bytes | None]:
        verb, _, rest = line.partition(" ")
        address = rest.partition("<")[2].partition(">")[0]
        match verb.upper():
            case "EHLO":
                whole = "\r\n".join(
                    [f"250-{one}" for one in ("relay.example", *self.offers[:-1])]
                    + [f"250 {self.offers[-1]}"]
                )
                yield from self._answer(self.decide("ehlo", ""), whole)
            case "HELO":
                yield b"250 relay.example\r\n"
            case "MAIL" if self._sender is not None:
                self._forbid("MAIL in a transaction")
                yield b"503 5.5.1 nested\r\n"
            case "MAIL":
                yield from self._answer(did := self.decide("mail", address), "250 2.1.0 ok")
                self._sender, self._recipients = (address if _yes(did) else None), []
            case "RCPT" if self._sender is None:
                yield b"503 5.5.1 MAIL first\r\n"
            case "RCPT":
                yield from self._answer(did := self.decide("rcpt", address), "250 2.1.5 ok")
                self._recipients += [address] if _yes(did) else []
            case "DATA" if self._buffer:
                self._forbid("more behind DATA")
                yield None
            case "DATA" if not self._recipients and not self.patient:
                yield b"554 5.5.1 no valid recipients\r\n"
            case "DATA":
                did = self.decide("data", "")
                self._in_message = did in ("ok", "again") or did.startswith("354 ")
                self._garbled = self._garbled or did.startswith(("2", "1"))
                yield from self._answer(did, "354 go ahead")
            case "RSET":
                self._sender, self._recipients = None, []
                yield from self._answer(self.decide("rset", ""), "250 2.0.0 ok")
            case "QUIT":
                yield b"221 2.0.0 bye\r\n"
                yield None
            case _:
                yield b"500 5.5.1 what\r\n"

    def _message(self, whole: bytes) -> Iterator[bytes | None]:
        recipients, self._sender, self._recipients = self._recipients, None, []
        found = re.search(rb"Message-ID: (\S+)\r\n", whole)
        if not recipients or found is None:
            if recipients or whole.strip():
                self._forbid("an empty message for somebody, or one for nobody")
            yield b"554 5.5.1 nobody to send it to\r\n"
            return
        message_id = found[1].decode()
        did = self.decide("message", message_id)
        if _yes(did) or did.startswith("take and "):
            (self.truth.said if _yes(did) else self.truth.unsaid).append(message_id)
            self.truth.recipients[message_id] = recipients
            self.truth.contents[message_id] = re.sub(rb"(?m)^\.", b"", whole)
            if _yes(did) and not self._garbled:
                self.truth.clearly.append(message_id)
        self._garbled = self._garbled or did.startswith("3")
        yield from self._answer(did.removeprefix("take and "), "250 2.0.0 taken")

    def _answer(self, did: str, ok: str) -> Iterator[bytes | None]:
        match did:
            case "ok":
                yield ok.encode() + b"\r\n"
            case "again":
                self._garbled = True
                yield ok.encode() + b"\r\n" + ok.encode() + b"\r\n"
            case "drop":
                yield None
            case "stall":
                self._mute = True
            case _:
                self._garbled = self._garbled or not _REPLY.fullmatch(did)
                yield did.encode() + b"\r\n"
                if did.startswith("421"):
                    yield None

    def _forbid(self, what: str) -> None:
        if not self._garbled:
            self.truth.forbidden.append(what)


def _yes(did: str) -> bool:
    return did in ("ok", "again") or (did.startswith("2") and _REPLY.fullmatch(did) is not None)


class _Served(asyncio.Protocol):
    def __init__(self, relay: "ScriptedRelay") -> None:
        self._relay = relay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._relay.open.append(transport)
        self._relay.truth.connections += 1
        self._model = RelayModel(
            self._relay.truth, self._relay.decide, self._relay.offers, self._relay.patient
        )
        self._say(self._model.greet())

    def data_received(self, data: bytes) -> None:
        self._say(self._model.feed(data))

    def _say(self, words: Iterator[bytes | None]) -> None:
        for word in words:
            if word is None:
                self._transport.close()  # what was said before is still heard
                return
            self._transport.write(word)


@dataclass
class ScriptedRelay:
    """Such a relay on a socket; `async with` it."""

    decide: Decide = lambda stage, about: "ok"
    offers: tuple[str, ...] = OFFERS
    patient: bool = False
    truth: Truth = field(default_factory=Truth)
    port: int = 0
    open: list[asyncio.Transport] = field(default_factory=list)

    async def __aenter__(self) -> "ScriptedRelay":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Served(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for transport in self.open:
            transport.abort()
        await self._server.wait_closed()
