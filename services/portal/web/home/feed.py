"""What was heard last, in words: one line for each thing, the newest first. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from services.portal.web.words import borough, count, pounds

Row = Mapping[str, Any]

_KINDS: Final[Mapping[str, str]] = {
    "job description": "Job description",
    "team structure": "Team structure",
    "case study": "Case study",
    "training": "Training",
    "apprenticeship": "Apprenticeship",
    "challenge": "Shared challenge",
    "event": "Event",
}
_AREAS: Final = {"inner": "inner London", "outer": "outer London", "london": "London"}
_SHARES: Final = {"role": 6, "benchmark": 3, "item": 3, "demand": 2}
"""So many lines at most of one kind where others have something to say: a thousand benchmarks must not hide a role."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was heard: `what` kind it is in a word, its title, which links to `url`, and what more."""

    at: datetime
    what: str
    title: str
    url: str
    more: str


def feed(rows: Iterable[Row], *, most: int) -> Sequence[Told]:
    """The newest of them, at most so many, and of one kind no more than its share while others fill the rest. `facts`
    differ by `what` (queries.sql)."""
    newest = sorted(rows, key=lambda row: (row["at"], row["id"]), reverse=True)
    first: list[Row] = []
    rest: list[Row] = []
    for row in newest:
        of_this = sum(one["what"] == row["what"] for one in first)
        (first if of_this < _SHARES[row["what"]] else rest).append(row)
    chosen = [*first[:most], *rest[: max(0, most - len(first))]]
    return [
        _TOLD[row["what"]](row)
        for row in sorted(chosen, key=lambda row: (row["at"], row["id"]), reverse=True)
    ]


def _role(row: Row) -> Told:
    facts = row["facts"]
    where = " and ".join(borough(gss) for gss in facts["boroughs"]) or facts["employer"] or "London"
    return Told(
        row["at"],
        "Job",
        facts["title"],
        _below("/jobs", row["id"]),
        " · ".join(filter(None, [where, _pay(facts)])),
    )


def _benchmark(row: Row) -> Told:
    facts = row["facts"]
    level = "all levels" if facts["level"] == "all" else facts["level"]
    middle = f"middle of the range {pounds(facts['middle'], facts['period'])}, " if facts["middle"] else ""
    return Told(
        row["at"],
        "Pay",
        f"{facts['role']}, {level}, {_AREAS[facts['area']]}",
        _below("/pay", row["id"]),
        f"{middle}from {count(facts['adverts'], 'advert')}",
    )


def _item(row: Row) -> Told:
    facts = row["facts"]
    whose = ", ".join(borough(gss) for gss in facts["boroughs"][:3])
    kind = _KINDS.get(facts["kind"], "Library")
    return Told(row["at"], kind, facts["title"], _below("/library", row["id"]), whose)


def _demand(row: Row) -> Told:
    role = quote(row["id"], safe="")
    return Told(row["at"], "Shared need", row["id"], f"/jobs?role={role}", row["facts"]["sentence"])


_TOLD: Final = {"role": _role, "benchmark": _benchmark, "item": _item, "demand": _demand}


def _pay(facts: Mapping[str, Any]) -> str:
    low, high, period = facts["low"], facts["high"], facts["period"]
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return pounds(low if high is None else high, period)
    return f"{pounds(low)} to {pounds(high, period)}"


def _below(path: str, id_: str) -> str:
    return f"{path}/{quote(id_, safe='')}"
