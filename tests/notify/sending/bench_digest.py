"""What composing a digest costs, beside sending it: processor time of this process.

    python -m tests.notify.sending.bench_digest [--digests 1000] [--roles 5]

Digests with so many roles each are claimed, composed, handed to a relay in a process of its own and written down, against a
real PostgreSQL. Composing is what `letters.compose` takes (judging, blocks, three renderings, the reader's links); sending
is the rest: claiming, the message with its headers and encodings, SMTP, writing down with the events. What PostgreSQL and
the relay spend on sending besides is not counted.
"""

import argparse
import asyncio
import time
from typing import Any

from pydantic import SecretStr

from loti_contracts.delivery.database import open_pool
from loti_contracts.delivery.logs import set_up_logs
from services.notify.letters.compose import compose
from services.notify.sending import handing_over
from services.notify.settings import NotifySettings
from tests.databases import database_of
from tests.notify.making import role
from tests.notify.sending import made
from tests.notify.sending.catcher import Catcher, catcher
from tests.notify.sending.running import once
from tests.servers import run_postgres


class Timed:
    """`compose`, and how much processor time it took."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.letters = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        begun = time.process_time()
        letter = compose(*arguments, **named)
        self.seconds += time.process_time() - begun
        self.letters += 1
        return letter


async def bench(server: Any, to: Catcher, given: argparse.Namespace) -> None:
    """The whole run."""
    settings = NotifySettings(
        database=SecretStr(await database_of("notify", server)),
        smtp_port=to.port,
        link_keys=SecretStr("k" * 32),
    )
    timed = Timed()
    handing_over.compose = timed  # type: ignore[attr-defined]
    async with await open_pool(settings.database.get_secret_value()) as pool:
        for share in (given.digests // 10, given.digests):  # the first to warm up
            await _make(pool, share, given.roles, f"{share}")
            timed.seconds, timed.letters = 0.0, 0
            begun = time.process_time()
            sending = once(settings, pool)
            await sending.send_due()
            whole = time.process_time() - begun
        assert timed.letters == sending.counts["sent"] == given.digests
    composing, rest = timed.seconds / given.digests * 1e6, (whole - timed.seconds) / given.digests * 1e6
    print(  # noqa: T201
        f"{given.digests:,} digests of {given.roles} roles: composing {composing:,.0f} µs, sending {rest:,.0f} µs each: "
        f"{composing / rest:.2f}"
    )


async def _make(pool: Any, count: int, roles: int, name: str) -> None:
    ids = [f"contact-{name}-{n}" for n in range(count)]
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, ids, domains=33)
        await made.digests(tx, ids, *(role(f"role-{n}") for n in range(roles)))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Composing a digest, beside sending it.")
    parser.add_argument("--digests", type=int, default=1_000)
    parser.add_argument("--roles", type=int, default=5)
    given = parser.parse_args()
    set_up_logs("notify", form="json", level="WARNING")
    with run_postgres(print) as server, catcher() as to:
        asyncio.run(bench(server, to, given))


if __name__ == "__main__":
    main()
