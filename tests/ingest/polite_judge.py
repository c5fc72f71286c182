"""A judge of manners who knows nothing but a host's own log, and reads robots.txt with another reader than ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin

from protego import Protego

from tests.ingest.polite_world import DAY, START


@dataclass
class Judge:
    """What a host's log shows against the manners that were promised; `wrongs` are told with time and path."""

    address: str
    agent: str
    interval: float
    at_once: int
    wrongs: list[str] = field(default_factory=list)

    def read(self, log: Sequence[Mapping[str, Any]]) -> list[str]:
        """Everything that the log shows to be wrong."""
        rows = sorted((_Row(row) for row in log), key=lambda row: (row.at, row.answered))
        for row in rows:
            self._permitted(row, [one for one in rows if one.is_robots and one.answered <= row.at])
        for before, after in pairwise(rows):
            told = [one for one in rows if one.is_robots and one.status < 429 and one.answered <= after.at]
            distance = max([self.interval, *(min(60, one.delay(self.agent)) for one in told[-1:])])
            if after.at - before.at < distance - 1e-4:
                self._say(after, f"{after.at - before.at:.2f} s after another, not {distance}")
        for row in rows:
            present = sum(one.at <= row.at < one.answered for one in rows)
            if present > self.at_once:
                self._say(row, f"{present} at once")
        self._rested(rows)
        return self.wrongs

    def _permitted(self, row: "_Row", told: list["_Row"]) -> None:
        if row.is_robots:
            return
        if not told:
            self._say(row, "before robots.txt was asked for")
        elif told[-1].status >= 500 or told[-1].status == 429:
            self._say(row, "while robots.txt could not be had")
        elif row.at - told[-1].at > DAY + 60:
            self._say(row, "on a robots.txt more than a day old")
        elif not told[-1].rules.can_fetch(urljoin(self.address, row.path), self.agent):
            self._say(row, "though robots.txt forbids it")

    def _rested(self, rows: list["_Row"]) -> None:
        """No request during a pause that was asked for, nor while the host was to be left alone for its failures."""
        for asked in rows:
            until = asked.answered + asked.pause
            for row in rows:
                if asked.answered < row.at < until - 1e-4:
                    self._say(row, f"{until - row.at:.1f} s before the pause was over")
        failures, rest = 0, (0.0, 0.0)
        for row in sorted(rows, key=lambda row: row.answered):
            if rest[0] < row.at < rest[1] - 1e-4:
                self._say(row, f"while it rested after {failures} failures")
            if row.status < 500:
                failures, rest = 0, (0.0, 0.0)
            elif row.at >= rest[1]:
                failures += 1
                if failures >= 5:
                    rest = (row.answered, row.answered + min(DAY, 60 * 2 ** (failures - 5)))

    def _say(self, row: "_Row", what: str) -> None:
        self.wrongs.append(f"{row.at:.1f} {row.path}: {what}")


class _Row:
    """One line of a host's log, times in seconds."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.at, self.answered = ((datetime.fromisoformat(said[n]) - START).total_seconds() for n in ("at", "answered"))  # fmt: skip
        self.path, self.status = str(said["path"]), int(said["status"])
        self.is_robots = self.path == "/robots.txt"
        self.rules = Protego.parse(said.get("text", "") if self.status == 200 else "")
        told = said.get("retry_after")
        pauses = self.status == 429 or (self.status == 503 and told is not None)
        self.pause = min(DAY, float(told or 60)) if pauses else 0.0

    def delay(self, agent: str) -> float:
        """The Crawl-delay that this robots.txt asks of us."""
        return float(self.rules.crawl_delay(agent) or 0)
