"""A relay that misbehaves, in a process of its own: `python -m tests.notify.sending.bad_relay SEED SHARE`.

A real SMTP server on a real socket (RFC 5321, with PIPELINING of RFC 2920). Of `SHARE` of all mails it makes trouble, each
kind as likely as the next: it breaks the connection before it took the mail or after, answers 421 and hangs up, answers
451 to the recipient or to the mail, or says nothing for `STALL` seconds, before it took the mail or after. A recipient
`nobody…` is never known (550 5.1.1).

It prints its port first; then, before it answers that it took a mail, a line `took NUMBER SECONDS MAIL RECIPIENT …` (the
answer names the same number; the seconds are the clock's), and `lost …` instead where it took one and its answer never arrives.
"""

import asyncio
import random
import re
import sys
import time
from typing import Final

STALL: Final = 1.5
_MESSAGE_ID: Final = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.MULTILINE | re.IGNORECASE)
_ADDRESS: Final = re.compile(rb"<([^>]*)>")
_TROUBLES: Final = (
    "drop before",
    "drop after",
    "421",
    "451 recipient",
    "451 mail",
    "stall before",
    "stall after",
)


class Gone(Exception):
    """The connection is over."""


class BadRelay:
    """`share` of the mails get one of the troubles, told by `chance`."""

    def __init__(self, seed: int, share: float) -> None:
        self._chance = random.Random(seed)
        self._share = share
        self._taken = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it ends one way or the other."""
        try:
            self._say(writer, "220 relay.example ESMTP")
            while True:
                await self._transaction(reader, writer)
        except (Gone, ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            writer.transport.abort()

    async def _transaction(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trouble = self._chance.choice(_TROUBLES) if self._chance.random() < self._share else None
        recipients: list[str] = []
        while True:
            line = await reader.readuntil(b"\r\n")
            verb = line[:4].upper()
            if verb == b"EHLO":
                self._say(writer, "250-relay.example\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES")
            elif verb == b"RCPT":
                self._recipient(writer, line, recipients, trouble)
            elif verb == b"DATA":
                if not recipients:
                    self._say(writer, "554 5.5.1 no valid recipients")
                    return
                await self._mail(reader, writer, recipients, trouble)
                return
            elif verb == b"RSET":
                self._say(writer, "250 2.0.0 forgotten")
                return
            elif verb == b"QUIT":
                self._say(writer, "221 2.0.0 goodbye")
                await writer.drain()
                raise Gone
            elif verb == b"MAIL" and trouble == "421":
                self._say(writer, "421 4.3.2 shutting down")
                await writer.drain()
                raise Gone
            else:
                self._say(writer, "250 2.0.0 fine")

    def _recipient(
        self, writer: asyncio.StreamWriter, line: bytes, recipients: list[str], trouble: str | None
    ) -> None:
        found = _ADDRESS.search(line)
        address = found[1].decode() if found else ""
        if ".nobody" in address:
            self._say(writer, f"550 5.1.1 <{address}> user unknown")
        elif trouble == "451 recipient":
            self._say(writer, f"451 4.7.1 <{address}> greylisted, try again later")
        else:
            recipients.append(address)
            self._say(writer, "250 2.1.5 fine")

    async def _mail(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        recipients: list[str],
        trouble: str | None,
    ) -> None:
        self._say(writer, "354 go ahead")
        await writer.drain()
        content = await reader.readuntil(b"\r\n.\r\n")
        if trouble == "drop before":
            raise Gone
        if trouble == "stall before":
            await asyncio.sleep(STALL)
            raise Gone
        if trouble == "451 mail":
            self._say(writer, "451 4.3.0 try again later")
            return
        self._taken += 1
        found = _MESSAGE_ID.search(content)
        answered = trouble is None or trouble not in ("drop after", "stall after")
        word, mail = "took" if answered else "lost", found[1].decode() if found else "?"
        sys.stdout.write(f"{word} {self._taken} {time.time():.6f} {mail} {' '.join(recipients)}\n")
        sys.stdout.flush()
        if trouble == "stall after":
            await asyncio.sleep(STALL)
        if not answered:
            raise Gone
        self._say(writer, f"250 2.0.0 taken as {self._taken}")

    def _say(self, writer: asyncio.StreamWriter, answer: str) -> None:
        writer.write(answer.encode() + b"\r\n")


async def main(seed: int, share: float) -> None:
    """Listen until killed, or until whoever started it is gone."""
    relay = BadRelay(seed, share)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0, limit=10_000_000)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
