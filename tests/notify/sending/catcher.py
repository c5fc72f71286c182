"""A mail catcher in a process of its own, for benchmarks: aiosmtpd, as users run it, offering PIPELINING.

    python -m tests.notify.sending.catcher [--port P]

Its first line is its port. When its input ends it says, as one line of JSON, how many messages it took, how many
different Message-IDs they had, and how many seconds of processor time it spent. It keeps no message.
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

_MESSAGE_ID = re.compile(rb"^Message-ID: (.*)\r$", re.MULTILINE | re.IGNORECASE)


@dataclass
class Counting:
    """aiosmtpd's handler."""

    taken: int = 0
    ids: set[bytes] = field(default_factory=set)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.content)
        found = _MESSAGE_ID.search(content, 0, 8_192)
        self.taken += 1
        self.ids.add(found[1] if found else b"")
        return "250 2.0.0 taken"


async def serve(port: int) -> None:
    """Take mail until standard input ends."""
    loop = asyncio.get_running_loop()
    counting = Counting()
    server = await loop.create_server(lambda: SMTP(counting, hostname="catcher.example"), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    said = {"taken": counting.taken, "distinct": len(counting.ids), "cpu": round(time.process_time(), 3)}
    print(json.dumps(said), flush=True)  # noqa: T201


@dataclass
class Catcher:
    """A running one."""

    port: int
    pid: int
    _process: "subprocess.Popen[str]"

    def cpu(self) -> float:
        """Seconds of processor time that it spent so far (Linux)."""
        with open(f"/proc/{self.pid}/stat") as stat:  # man 5 proc: utime and stime, in ticks of 10 ms
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def waits(self) -> int:
        """How often it had nothing to do so far (Linux): near none a mail, and it is the catcher that is the limit."""
        with open(f"/proc/{self.pid}/status") as status:
            return int(dict(line.split(":", 1) for line in status)["voluntary_ctxt_switches"])

    def stop(self) -> dict[str, Any]:
        """End it; what it says of itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        said = json.loads(cast(IO[str], self._process.stdout).readline())
        self._process.wait()
        return cast(dict[str, Any], said)


@contextmanager
def catcher() -> Iterator[Catcher]:
    """A catcher in a process of its own, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.notify.sending.catcher"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Catcher(int(process.stdout.readline()), process.pid, process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Takes every mail and keeps none.")
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args().port))
