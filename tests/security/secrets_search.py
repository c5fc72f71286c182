"""Looks through everything that a whole system wrote for every secret and every address that it knows.

A secret (a password, a key, a token that opens something) may be nowhere but in the file that holds it, mode 0600, and a token in
the mail that brings it. An address of a person may be in mails, on the restricted topics, and in the tables of those services that
hear them, where the service's holdings say that the table is about people. A person's name may be in no log.
"""

import asyncio
import json
import os
import re
import stat
import subprocess
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition

from loti_contracts.delivery.holdings import OF_DELIVERY
from loti_contracts.events import TOPICS
from tests.chaos.addresses import Addresses
from tests.databases import connected

_PEOPLE: Final = Path(__file__).parents[2] / "deploy" / "local" / "people.jsonl"
_TOKEN: Final = re.compile(
    r"/(?:preferences|ledger|unsubscribe|confirm|answer|outcome|sign-in)/([\w.-]{40,})"
)
_OF_THE_WORLD: Final = "mails"
"""The mail catcher's folder stands for people's mailboxes."""
_HEAR_OF_PEOPLE: Final = frozenset(
    name for topic in TOPICS if topic.restricted for name in (topic.owner, *topic.heard_by)
)


@dataclass(frozen=True)
class Known:
    """What is looked for: secrets by a name that can be said, people's addresses, people's names."""

    secrets: Mapping[str, str] = field(repr=False)
    addresses: frozenset[str]
    names: frozenset[str] = frozenset()


async def known_to(addresses: Addresses, shown: Mapping[str, str]) -> Known:
    """Every secret in the data folder and in the mails, those in `shown` (what a command printed once), and everybody's address."""
    secrets = dict(shown)
    for file in sorted(addresses.folder.rglob("*-key")):
        secrets[file.name] = file.read_text().strip()
    for file in sorted(addresses.folder.rglob("passwords.json")):
        secrets |= {f"the password of {role}": text for role, text in json.loads(file.read_text()).items()}
    async with httpx2.AsyncClient(timeout=30) as client:
        mails = (await client.get(f"{addresses.mails}/mails.json")).json()
    for mail in mails:
        for number, token in enumerate(set(_TOKEN.findall(json.dumps(mail)))):
            secrets[f"link {number} of the mail {mail['subject']!r}"] = token
    said = [json.loads(line) for line in _PEOPLE.read_text(encoding="utf-8").splitlines()]
    people = [one["data"]["contact"] for one in said if "contact" in one["data"]]
    async with connected(addresses.databases["notify"]) as db:
        kept = [dict(row) for row in await db.fetch("SELECT name, email FROM contact")]
    everybody = [one for one in (*people, *kept) if one.get("email")]
    return Known(
        secrets,
        frozenset(one["email"].lower() for one in everybody)
        | {to.lower() for mail in mails for to in mail["to"]},
        frozenset(one["name"] for one in everybody if " " in one["name"]),
    )


async def search(addresses: Addresses, known: Known, *, processes: Iterable[int] = ()) -> list[str]:
    """Where something stands that may not stand there; a line each, which says what it is and not the thing itself."""
    found = [
        *await asyncio.to_thread(_in_files, addresses.folder, known),
        *_on_command_lines(processes, known),
    ]
    everything, secrets = (
        _pattern([*known.secrets.values(), *known.addresses]),
        _pattern(known.secrets.values()),
    )
    async for place, text, may_hold_people in _said(addresses):
        pattern = secrets if may_hold_people else everything
        found += [f"{_what(hit, known)} in {place}" for hit in set(pattern.findall(text.lower()))]
    return sorted(set(found))


async def _said(addresses: Addresses) -> AsyncIterator[tuple[str, str, bool]]:
    """Each record, each row and each page: where it is, its text, and whether people may be in it."""
    async for place, text, restricted in _records(addresses.kafka):
        yield place, text, restricted
    for service, dsn in addresses.databases.items():
        about = _tables_about_people(service)
        async with connected(dsn) as db:
            for table in await _tables(db):
                for row in await db.fetch(f'SELECT t::text AS text FROM "{table}" t'):
                    yield f"{service}'s table {table}", row["text"] or "", table in about
    async with httpx2.AsyncClient(timeout=10) as client:
        for name, url in addresses.health.items():
            for path in ("/health", "/metrics"):
                page = await client.get(url.removesuffix("/health") + path)
                yield f"{name}'s page {path}", page.text, False


async def _records(kafka: str) -> AsyncIterator[tuple[str, str, bool]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    restricted = {topic.name: topic.restricted for topic in TOPICS}
    try:
        await consumer.start()
        places = [TopicPartition(topic.name, n) for topic in TOPICS for n in range(topic.partitions)]
        ends = await consumer.end_offsets(places)
        consumer.assign(places)
        await consumer.seek_to_beginning()
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for one in records:
                    parts = (one.key or b"", one.value or b"", *(value for _, value in one.headers))
                    text = b"\n".join(parts).decode(errors="replace")
                    yield f"a message of {one.topic}", text, restricted.get(one.topic, False)
    finally:
        await consumer.stop()


async def _tables(db: "asyncpg.Connection[Any]") -> Sequence[str]:
    rows = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [row["tablename"] for row in rows]


def _tables_about_people(service: str) -> frozenset[str]:
    if service not in _HEAR_OF_PEOPLE:
        return frozenset()
    holdings = (*import_module(f"services.{service}.holdings").HOLDINGS, *OF_DELIVERY)
    return frozenset(one.table for one in holdings if one.about)


def _in_files(folder: Path, known: Known) -> Iterator[str]:
    """Secrets in any file but the one that holds them; addresses and names in logs."""
    holders = {*folder.rglob("*-key"), *folder.rglob("passwords.json")}
    files = {path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    for path in holders:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{path.name} can be read by others"
    for path in files:
        if path.stat().st_mode & 0o002:
            yield f"{path.relative_to(folder)} can be written by everybody"
    searched = sorted(path for path in files - holders if _OF_THE_WORLD not in path.relative_to(folder).parts)
    yield from (f"a secret in the file {each}" for each in _grep(known.secrets.values(), searched, folder))
    # Kafka's segments are called so as well; what is in them is read as messages.
    logs = [path for path in searched if path.suffix == ".log" and not path.stem.isdigit()]
    for path in _grep([*known.addresses, *known.names], logs, folder):
        yield f"somebody's name or address in the log {path}"


def _grep(texts: Iterable[str], files: Sequence[Path], folder: Path) -> Iterator[Path]:
    """The files that hold one of these. A file may go while it is looked at."""
    wanted = "\n".join(sorted(set(texts))).encode()
    for at in range(0, len(files), 500):
        command = ["grep", "--fixed-strings", "--ignore-case", "--files-with-matches", "--no-messages", "--null", "--file=-", "--",
                   *map(os.fspath, files[at : at + 500])]  # fmt: skip
        done = subprocess.run(
            command, input=wanted, capture_output=True, env={"LC_ALL": "C", "PATH": os.environ["PATH"]}
        )
        yield from (Path(os.fsdecode(name)).relative_to(folder) for name in done.stdout.split(b"\0") if name)


def _on_command_lines(processes: Iterable[int], known: Known) -> Iterator[str]:
    """Everybody on a machine can read them."""
    for pid in processes:
        try:
            line = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except OSError:
            continue
        yield from (
            f"{name} on the command line of {pid}" for name, text in known.secrets.items() if text in line
        )


def _pattern(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, {text.lower() for text in texts if text}))) or r"(?!)")


def _what(hit: str, known: Known) -> str:
    names = [name for name, text in known.secrets.items() if text.lower() == hit]
    return names[0] if names else "an address"
