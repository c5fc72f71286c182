"""Recovery over the whole system, as an operator does it: `python -m tests.recovery.prove [--services salaries,portal]`.

One `loti up` on sample boards: backups of two moments with adverts in between; every service rebuilt; every database
restored from its backup; topics deleted while everything runs; and the broker's whole log thrown away. After each, every
table that comes from topics must hold what the topics say (`loti rebuild --check`). Prints a line for each; 1 where any
differs.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.settings import SERVICES
from tests.path.running import ROOT, Up, running

LOST = ("loti.benchmarks.v1", "loti.contacts.v1", "loti.matches.v1")
HISTORY = ("_history", "_revisions", "superseded_", "words", "events", "role_word")
"""What these names stand in keeps how things came to be, which a lost topic cannot give back."""


@dataclass
class Proof:
    """What was found."""

    up: Up
    services: Sequence[str]
    wrong: int = 0

    async def loti(self, command: str, service: str, *more: str | Path) -> dict[str, Any]:
        """One command of `loti`, and what it says in JSON."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.cli", command, *(service.split()), *map(str, more),
            "--data", str(self.up.data), "--json", cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, trouble = await process.communicate()
        if not said:
            raise RuntimeError(f"loti {command} {service}: {trouble.decode()[-2_000:]}")
        found: dict[str, Any] = json.loads(said.splitlines()[0])
        return found

    async def everywhere(self, what: str, command: str, *more: str | Path) -> None:
        """The command for each service; its tables must be as they were, or, after `restored`, may be newer."""
        for service in self.services:
            started = time.monotonic()
            found = await self.loti(command, service, *more)
            self.report(f"{what}: {service}", found, started, judged=command == "rebuild")

    async def restore(self, folder: Path) -> None:
        """Each from its own backup."""
        for service in self.services:
            started = time.monotonic()
            found = await self.loti("restored", service, "--hold", "--from", folder / f"{service}.dump")
            self.report(f"restored from its backup: {service}", found, started, judged=False)

    def report(self, what: str, found: dict[str, Any], started: float, *, judged: bool) -> None:
        """One line, and what differs."""
        other = {
            table: counts
            for table, counts in found["tables"].items()
            if (counts[2] or counts[3]) and not any(part in table for part in HISTORY)
        }
        verdict = "" if not judged else f"DIFFERS {other}" if other else "the same"
        self.wrong += bool(judged and other)
        said = sum(found["said"].values())
        print(  # noqa: T201
            f"{what:<44} {found['heard']:>6} heard, {said:>4} said, {len(found['tables']):>3} tables "
            f"{time.monotonic() - started:6.1f} s  {verdict}",
            flush=True,
        )

    async def backup(self, folder: Path, services: Sequence[str]) -> None:
        """Of these services, now."""
        for service in services:
            command = [
                "-m",
                "deploy.cli",
                "backup",
                str(folder),
                "--service",
                service,
                "--data",
                str(self.up.data),
            ]
            process = await asyncio.create_subprocess_exec(
                sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
            )
            if await process.wait():
                raise RuntimeError(f"the backup of {service} failed")

    async def advertise(self, number: int) -> None:
        """One more job, and one that is gone, on a sample board."""
        advert = {
            "id": f"prove-{number}",
            "title": "Senior Data Analyst",
            "pay": f"£{50 + number},000 - £{58 + number},000 per annum",
            "employer": "The council",
            "authority": "E09000012",
            "location": "London",
            "description": "You will build dashboards that teams use.",
        }
        gone = [f"prove-{number - 1}"] if number > 1 else []
        await self.up.change_board("hackney", {"add": [advert], "remove": gone})

    async def lose_topics(self) -> None:
        """Somebody deletes them by mistake, while everything runs."""
        admin = AIOKafkaAdminClient(bootstrap_servers=f"127.0.0.1:{self.up.port('kafka/port')}")
        await admin.start()
        await admin.delete_topics(list(LOST))
        await admin.close()

    def lose_the_log(self) -> None:
        """The broker's disk is gone, and it starts with an empty one."""
        shutil.rmtree(self.up.data / "kafka" / "log")
        os.kill(self.up.processes()["kafka"], signal.SIGKILL)


async def prove(folder: Path, services: Sequence[str]) -> int:
    """All of it; how many services differed at some step."""
    async with running(folder) as up:
        proof = Proof(up, services)
        await up.quiet()
        await proof.everywhere("rebuilt", "rebuild", "--hold")
        await proof.backup(folder / "backups", services[::2])
        for number in (1, 2):
            await proof.advertise(number)
            await up.quiet()
        await proof.backup(folder / "backups", services[1::2])
        await proof.advertise(3)
        await up.quiet()
        await proof.restore(folder / "backups")
        await up.quiet()
        await proof.everywhere("after the backups", "rebuild", "--hold", "--check")
        for what, lose in ((f"{len(LOST)} topics deleted", proof.lose_topics), ("the log gone", None)):
            if lose is not None:
                await lose()
            else:
                proof.lose_the_log()
                await asyncio.sleep(20)
            for service in SERVICES:
                found = await proof.loti("republish", service)
                print(f"{what}: {service} said {sum(found['said'].values())} states again", flush=True)  # noqa: T201
            await up.quiet()
            await proof.everywhere(f"after {what}", "rebuild", "--hold", "--check")
        await up.stop()
    return proof.wrong


def main() -> None:
    """Prove it, and end with 1 where it is not so."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--services", default=",".join(SERVICES), help="these alone, in this order")
    services = arguments.parse_args().services.split(",")
    folder = Path(tempfile.mkdtemp(prefix="loti-recovery-"))
    folder.chmod(0o711)
    try:
        wrong = asyncio.run(prove(folder, services))
    except BaseException:
        print(f"its folder is kept: {folder}", file=sys.stderr)  # noqa: T201
        raise
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{wrong} differed")  # noqa: T201
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
