"""How truly names of roles are understood: run `python -m tests.salaries.accuracy_names`.

`tests/data/role_names.jsonl` holds names as people type them, each with the standard role that it means (null for
none, or for several) and the level that it says. They were written and labelled before the rules were. The first run
read one of the 284 wrongly with confidence ("technical waiter") and answered nine with a list; then the words that are
no slips were taken from a dictionary, and two synonyms were added, so the list guards against regressions now.

The titles of adverts that others labelled for ingest (`titles_*.jsonl`) are a check that the rules were not written
against: few of them are names of roles, but none may be read as another role than they were labelled.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.salaries.names import Understood, understand

FILE = Path(__file__).parents[1] / "data" / "role_names.jsonl"


@dataclass(frozen=True)
class Count:
    """What came of a list: `right` understood rightly, `listed` answered with a list that the role is in, `refused`
    rightly not understood; and the names that were read `wrong`, or `missed`: answered with a list without it."""

    names: int
    right: int
    listed: int
    refused: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def labelled() -> list[dict[str, Any]]:
    """The list: objects of `name`, `role` and `level`."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def counted(rows: Iterable[dict[str, Any]]) -> Count:
    """Understand every name, and count."""
    outcomes = [(row["name"], _outcome(row)) for row in rows]
    said = [outcome for _, outcome in outcomes]
    return Count(
        names=len(outcomes),
        right=said.count("right"),
        listed=said.count("listed"),
        refused=said.count("refused"),
        wrong=tuple(name for name, outcome in outcomes if outcome == "wrong"),
        missed=tuple(name for name, outcome in outcomes if outcome == "missed"),
    )


def titles() -> list[dict[str, Any]]:
    """The labelled titles of adverts, on whose role the labellers agreed, or that they held to be no digital job."""
    rows = [
        json.loads(line)
        for name in ("titles_dev.jsonl", "titles_extra.jsonl", "titles_blind.jsonl")
        for line in FILE.with_name(name).read_text(encoding="utf-8").splitlines()
    ]
    return [row for row in rows if (row["role"] and row["role_agreed"]) or row["digital"] == "no"]


def misread(rows: Iterable[dict[str, Any]]) -> tuple[int, list[str]]:
    """How many of these titles are understood, and those that are read as another role than their label's."""
    read = [(row, meant) for row in rows if isinstance(meant := understand(row["title"]), Understood)]
    return len(read), [row["title"] for row, meant in read if meant.role != row["role"]]


def _outcome(row: dict[str, Any]) -> str:
    meant = understand(row["name"])
    if isinstance(meant, Understood):
        return "right" if (meant.role, meant.level) == (row["role"], row["level"]) else "wrong"
    if row["role"] is None:
        return "refused"
    return "listed" if row["role"] in meant.choices else "missed"


if __name__ == "__main__":
    count = counted(labelled())
    named = count.right + count.listed + len(count.missed)
    print(  # noqa: T201
        f"{count.names} names: {count.right} of {named} that mean one role understood, {count.listed} answered with a "
        f"list that it is in, {len(count.missed)} missed; {count.refused} that mean none or several not taken for one; "
        f"{len(count.wrong)} read wrongly with confidence"
    )
    adverts = titles()
    understood, wrong = misread(adverts)
    print(  # noqa: T201
        f"{len(adverts)} labelled titles of adverts: {understood} understood, {len(wrong)} of them as another role"
    )
    for name in (*count.wrong, *count.missed, *wrong):
        print(f"  {name}")  # noqa: T201
