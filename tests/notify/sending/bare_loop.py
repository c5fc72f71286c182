"""What a bare loop reaches against a catcher, beside this service's pool, in one run.

    python -m tests.notify.sending.bare_loop [--mails 5000] [--kilobytes 20] [--connections 4] [--rounds 3]

The bare loop has nothing but aiosmtplib's connections and one ready-made message, each time with another recipient and
Message-ID: no database, no letters, no verdicts, no timeouts. It speaks as RFC 2920 allows at most: the data of one
message and MAIL, RCPT, DATA of the next in one write. aiosmtplib itself cannot (its `sendmail` waits four times a message).
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import cast
from uuid import UUID, uuid4

import aiosmtplib

from services.notify.letters.letter import Letter
from services.notify.sending.outgoing import Accepted, Outgoing
from services.notify.sending.pool import SmtpPool
from services.notify.settings import NotifySettings
from tests.notify.sending.catcher import Catcher, catcher

LINE = "A line of a newsletter, as long as quoted-printable lets one be: 76 letters.\r\n"
LETTER = Letter("A newsletter", "text", "<p>text", "text")


def ready_made(kilobytes: float) -> tuple[bytes, bytes, bytes]:
    """A message of that size in three parts; between them stand the recipient and the Message-ID."""
    head = b"From: Talent Exchange <talent-exchange@loti.example>\r\nTo: <"
    middle = b">\r\nSubject: A newsletter\r\nMessage-ID: <"
    body = LINE * max(1, int(kilobytes * 1000 / len(LINE)))
    return head, middle, f"@loti.example>\r\nMIME-Version: 1.0\r\n\r\n{body}".encode()


def reader(n: int) -> str:
    """One of very many recipients, in 33 domains."""
    return f"reader-{n}@borough-{n % 33}.example"


class _Bare(asyncio.Protocol):
    """One connection, until there is nothing more to send."""

    def __init__(self, transport: asyncio.Transport, parts: Sequence[bytes], numbers: Iterator[int]) -> None:
        self.done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._transport = transport
        self._parts, self._numbers = parts, numbers
        self._answers: list[bytes] = []
        self._rest = b""
        self._next: str | None = None
        self._accepted = 0
        transport.set_protocol(self)
        self._begin(b"")

    def _begin(self, before: bytes) -> None:
        n = next(self._numbers, None)
        self._next = None if n is None else reader(n)
        self._answers = [b"250"] if before else []
        if self._next is not None:
            self._answers += [b"250", b"250", b"354"]
            before += (
                f"MAIL FROM:<talent-exchange@loti.example>\r\nRCPT TO:<{self._next}>\r\nDATA\r\n".encode()
            )
        self._transport.write(before)

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            expected = self._answers.pop(0)
            assert line.startswith(expected), line
            if expected == b"354":
                assert self._next is not None
                head, middle, tail = self._parts
                message_id = str(uuid4()).encode()
                self._accepted += 1
                self._begin(b"".join((head, self._next.encode(), middle, message_id, tail, b".\r\n")))
            elif not self._answers:
                self.done.set_result(self._accepted)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the catcher hung up"))


async def pipelined(port: int, parts: Sequence[bytes], mails: int, connections: int = 4) -> float:
    """Mails a second by the bare pipelined loop."""
    numbers = iter(range(mails))
    begun = time.perf_counter()
    clients = [aiosmtplib.SMTP(hostname="127.0.0.1", port=port) for _ in range(connections)]
    for client in clients:
        await client.connect(start_tls=False)
        await client.ehlo()
    speaking = [_Bare(cast(asyncio.Transport, client.transport), parts, numbers) for client in clients]
    accepted = await asyncio.gather(*(one.done for one in speaking))
    taken = time.perf_counter() - begun
    assert sum(accepted) == mails
    for client in clients:
        client.close()
    return mails / taken


async def one_by_one(port: int, parts: Sequence[bytes], mails: int, connections: int = 4) -> float:
    """Mails a second by aiosmtplib's own sendmail over as many connections."""
    numbers = iter(range(mails))

    async def send() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for n in numbers:
                message = b"".join((parts[0], reader(n).encode(), parts[1], str(uuid4()).encode(), parts[2]))
                await client.sendmail("talent-exchange@loti.example", [reader(n)], message)

    begun = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(connections)))
    return mails / (time.perf_counter() - begun)


async def by_the_pool(port: int, parts: Sequence[bytes], mails: int, connections: int = 4) -> float:
    """Mails a second by the service's pool, with the same ready-made message."""
    settings = NotifySettings(smtp_port=port, smtp_connections=connections)
    pool = SmtpPool(settings)
    numbers = iter(range(mails))

    async def send() -> None:
        for n in numbers:
            message = b"".join((parts[0], reader(n).encode(), parts[1], str(uuid4()).encode(), parts[2]))
            outgoing = Outgoing(UUID(int=n), settings.sender, (reader(n),), message, LETTER)
            outcome = await pool.send(outgoing, within=10)
            assert isinstance(outcome, Accepted), outcome

    begun = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(settings.at_once)))
    taken = time.perf_counter() - begun
    await pool.close()
    return mails / taken


async def compare(to: Catcher, mails: int, kilobytes: float, connections: int, rounds: int) -> None:
    """Each in turn, so often, and the middle of what each reached."""
    parts = ready_made(kilobytes)
    ways = {
        "aiosmtplib's sendmail, not pipelined": one_by_one,
        "bare pipelined loop": pipelined,
        "the service's pool": by_the_pool,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    waits: dict[str, list[float]] = {name: [] for name in ways}
    limit: dict[str, list[float]] = {name: [] for name in ways}
    own: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            before, idle, mine = to.cpu(), to.waits(), time.process_time()
            rates[name].append(await way(to.port, parts, mails, connections))
            limit[name].append(mails / (to.cpu() - before))
            waits[name].append((to.waits() - idle) / mails)
            own[name].append((time.process_time() - mine) / mails * 1e6)
    bare = statistics.median(rates["bare pipelined loop"])
    print(f"{mails:,} mails of {sum(map(len, parts)):,} bytes, {connections} connections, {rounds} rounds")  # noqa: T201
    for name, reached in rates.items():
        rate = statistics.median(reached)
        print(  # noqa: T201
            f"{name:38} {rate:8,.0f} mails/s {rate / bare:6.2f} of the bare loop, "
            f"this process {statistics.median(own[name]):5.0f} µs a mail, the catcher waited "
            f"{statistics.median(waits[name]):.2f} times a mail and could take {statistics.median(limit[name]):,.0f}/s"
        )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="A bare pipelined loop against a catcher, beside the pool.")
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--kilobytes", type=float, default=20)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with catcher() as to:
        asyncio.run(compare(to, given.mails, given.kilobytes, given.connections, given.rounds))
        said = to.stop()
    print(f"the catcher took {said['taken']:,} mails with {said['distinct']:,} Message-IDs")  # noqa: T201


if __name__ == "__main__":
    main()
