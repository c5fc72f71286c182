"""Proof that sending survives: `python -m tests.notify.sending.prove_sending [--mails 10000] [--kills 20] [--seed 1]`.

A real PostgreSQL, a real relay in a process of its own that drops connections, answers 421, 451 and 550 and stalls
(`bad_relay`), and senders in processes of their own that are killed with SIGKILL again and again at random instants. One
mail in a hundred goes to an address that nobody has, one in a hundred is an introduction to two people.

What the relay took is held against the ledger at the end: what each mail's `sent` answers for, how often each recipient
got each mail, and that nothing is left. A mail may come twice only where nobody could know: in a killed process's hand, or
where the relay took it and its answer never arrived.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.databases import connected, database_of
from tests.notify.sending import made
from tests.servers import run_postgres

_TAKEN_AS = re.compile(r"taken as (\d+)")
SETTINGS = {
    "LOTI_LINK_KEYS": "k" * 32,
    "LOTI_SMTP_TIMEOUT": "0.7",
    "LOTI_LEASE": "2",
    "LOTI_RETRY_FIRST": "0.2",
    "LOTI_RETRY_MOST": "1",
    "LOTI_SEND_POLL": "0.2",
    "LOTI_PER_DOMAIN": "20",
}


@dataclass
class Taken:
    """What the relay took: by its number the mail, and by mail and recipient how often."""

    by_number: dict[int, str] = field(default_factory=dict)
    copies: Counter[tuple[str, str]] = field(default_factory=Counter)
    unanswered: int = 0

    def add(self, line: str) -> None:
        """A line of the relay's."""
        word, number, _, mail, *recipients = line.split()
        self.by_number[int(number)] = mail
        self.unanswered += word == "lost"
        self.copies.update((mail, recipient) for recipient in recipients)


@dataclass
class Proof:
    """What was counted. `faults` are sentences that must not be there."""

    mails: int = 0
    sent: int = 0
    refused: int = 0
    withheld: int = 0
    kills: int = 0
    in_doubt_at_kills: int = 0
    answers_lost: int = 0
    sent_again: int = 0
    got_twice: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def unsent(self) -> int:
        """Mails that have not ended."""
        return self.mails - self.sent - self.refused - self.withheld

    def __str__(self) -> str:
        return "\n".join(
            (
                f"{self.mails} mails: {self.sent} sent, {self.refused} refused (550), {self.withheld} more withheld from "
                f"the addresses that were refused, {self.unsent} left unsent",
                f"{self.kills} kills with {self.in_doubt_at_kills} mails in doubt; "
                f"{self.answers_lost} more answers that the relay never gave",
                f"{self.sent_again} mails in doubt were sent again; {self.got_twice} of them had been taken before",
                *([f"FAULT: {fault}" for fault in self.faults] or ["No fault."]),
            )
        )


async def prove(admin: Any, *, mails: int, kills: int, seed: int, trouble: float = 0.02) -> Proof:
    """Send that many mails through that many kills; `admin` makes databases, `trouble` is the relay's share of it."""
    chance = random.Random(seed)
    dsn = await database_of("notify", admin)
    taken, proof = Taken(), Proof()
    async with connected(dsn) as ledger, _process("bad_relay", str(seed), str(trouble)) as relay:
        proof.mails = await _make(ledger, mails, chance)
        port = await _line(relay)
        reading = asyncio.create_task(_read(relay, taken))
        environment = SETTINGS | {"LOTI_DATABASE": dsn, "LOTI_SMTP_PORT": port}
        async with _process("killed_sender", **environment) as nursery:
            begun = await ledger.fetchval("SELECT clock_timestamp()")
            sender = await _sender(nursery)
            try:
                for goal in sorted(chance.sample(range(1, mails), kills)):
                    await _until_taken(taken, goal)
                    await asyncio.sleep(chance.random() * 0.05)
                    _kill(sender)
                    proof.kills += 1
                    proof.in_doubt_at_kills += await _in_hand(ledger, begun)
                    begun = await ledger.fetchval("SELECT clock_timestamp()")
                    sender = await _sender(nursery)
                await _until_done(ledger)
            finally:
                _kill(sender)
        assert relay.stdin is not None
        relay.stdin.close()
        await reading
        await _count(ledger, taken, proof)
    return proof


async def _make(tx: Any, mails: int, chance: random.Random) -> int:
    """Newsletters and digests in equal parts, and introductions; how many mails."""
    introductions = max(1, mails // 100)
    readers = [f"{'nobody' if chance.random() < 0.01 else 'reader'}-{n}" for n in range(mails // 2)]
    readers[0] = "nobody-0"
    pairs = [(f"asks-{n}", f"helps-{n}") for n in range(introductions)]
    async with tx.transaction():
        await made.people(tx, [*readers, *(one for pair in pairs for one in pair)], domains=30)
        made_mails = await made.newsletter(tx, readers)
        made_mails += await made.digests(tx, readers[: mails - len(readers) - introductions])
        for n, (asks, helps) in enumerate(pairs):
            made_mails.append(await made.introduction(tx, f"match-{n}", asks=asks, helps=helps))
    return len(made_mails)


@asynccontextmanager
async def _process(
    module: str, *arguments: str, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """One of the programs beside this one; it ends when its input does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.notify.sending.{module}",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def _read(relay: asyncio.subprocess.Process, taken: Taken) -> None:
    while line := await _line(relay):
        taken.add(line)


async def _sender(nursery: asyncio.subprocess.Process) -> int:
    assert nursery.stdin is not None
    nursery.stdin.write(b"\n")
    return int(await _line(nursery))


def _kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)


async def _in_hand(ledger: Any, begun: datetime) -> int:
    """Mails that the sender held which began then; of those with an answer it knew itself that they are in doubt."""
    found: int = await ledger.fetchval(
        "SELECT count(*) FROM mail WHERE status = 'sending' AND answer IS NULL AND claimed_at > $1", begun
    )
    return found


async def _until_taken(taken: Taken, goal: int) -> None:
    async with asyncio.timeout(120):
        while len(taken.by_number) < goal:
            await asyncio.sleep(0.002)


async def _until_done(ledger: Any) -> None:
    async with asyncio.timeout(300):
        while await ledger.fetchval("SELECT true FROM mail WHERE status IN ('due', 'sending') LIMIT 1"):
            await asyncio.sleep(0.05)


async def _count(ledger: Any, taken: Taken, proof: Proof) -> None:
    rows = await ledger.fetch(
        "SELECT mail.*, array_agg(contact.email ORDER BY contact.email) AS emails FROM mail "
        "JOIN notification ON notification.mail_id = mail.id JOIN contact ON contact.id = notification.contact_id "
        "GROUP BY mail.id"
    )
    for row in rows:
        mail, copies = str(row["id"]), [taken.copies[(str(row["id"]), email)] for email in row["emails"]]
        known = not any("nobody" in email for email in row["emails"])
        proof.sent_again += row["doubts"] > 0
        proof.got_twice += any(count > 1 for count in copies)
        number = _TAKEN_AS.search(row["answer"] or "")
        if row["status"] == "sent":
            proof.sent += 1
            if number is None or taken.by_number.get(int(number[1])) != mail:
                proof.faults.append(
                    f"{mail} is marked sent, and the relay did not say that it took it: {row['answer']}"
                )
            if not row["doubts"] and copies != [1] * len(copies):
                proof.faults.append(f"{mail} was taken {copies} times though it was never in doubt")
            if min(copies) < 1 or max(copies) > 1 + row["doubts"]:
                proof.faults.append(f"{mail} was taken {copies} times with {row['doubts']} doubts")
            if not known:
                proof.faults.append(f"{mail} is marked sent to an address that nobody has")
        elif row["status"] == "refused" and not known:
            proof.refused += 1
        else:
            proof.faults.append(f"{mail} is {row['status']}: {row['answer']}")
    proof.withheld = await ledger.fetchval(
        "SELECT count(*) FROM mail WHERE status = 'withheld' AND answer LIKE 'Nothing may be sent%550%'"
    )
    if proof.unsent:
        proof.faults.append(f"{proof.unsent} mails are neither sent nor refused nor withheld")
    proof.answers_lost = taken.unanswered
    proof.faults += await _events(ledger, proof)


async def _events(ledger: Any, proof: Proof) -> list[str]:
    """Each notification is said once, as what it is, and no event and no answer holds an address."""
    faults = []
    rows = await ledger.fetch("SELECT key, value FROM outbox")
    said = Counter(row["key"] for row in rows)
    if max(said.values()) > 1 or len(said) != await ledger.fetchval("SELECT count(*) FROM notification"):
        faults.append(f"{len(said)} notifications are said, {max(said.values())} times at most")
    if any(b"eatherstone" in row["value"] for row in rows):
        faults.append("an event holds an address")
    if await ledger.fetchval("SELECT true FROM mail WHERE answer ~ 'eatherstone' LIMIT 1"):
        faults.append("an answer in the ledger holds an address")
    addresses = await ledger.fetchval("SELECT count(*) FROM contact WHERE email LIKE '%nobody%'")
    listed = await ledger.fetchval("SELECT count(*) FROM suppression")
    if addresses != listed:
        faults.append(f"{addresses} addresses do not exist, and {listed} are suppressed")
    return faults


def main() -> None:
    """Prove it, and exit 1 where there is a fault."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with run_postgres(print) as server:
        proof = asyncio.run(prove(server, mails=told.mails, kills=told.kills, seed=told.seed))
    print(proof)  # noqa: T201
    sys.exit(bool(proof.faults))


if __name__ == "__main__":
    main()
