"""How truly titles are read, against labelled titles: run `python tests/ingest/accuracy_titles.py`.

Borderline titles are left out of precision and recall, as two careful readers could differ on them. Roles and
levels count only where two readers agreed on one.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loti_contracts.vocabulary import standard_roles
from services.ingest.titles import Classification, classify

DATA = Path(__file__).parents[1] / "data"
CONFIDENT = 0.7
SETS = ("dev", "tune", "held_out", "blind")
FILES = {"dev": "titles_dev.jsonl", "blind": "titles_blind.jsonl"}


@dataclass(frozen=True)
class Report:
    """One labelled set, read: counts, rates between 0 and 1, and the readings that missed, worst first.

    `unsure` titles, of which the labeller would not bet on the label, are left out of everything else.
    """

    name: str
    titles: int
    precision: float
    recall: float
    f1: float
    roles: int
    role_right: float
    role_coverage: float
    wrong_family: int
    levels: int
    level_right: float
    worst: tuple[str, ...]
    unsure: int


def labelled(name: str) -> list[dict[str, Any]]:
    """The titles of one set: `dev`, `blind`, or a split of our own labels."""
    file = DATA / FILES.get(name, "titles_extra.jsonl")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row.get("split", name) == name]


def report(name: str) -> Report:
    """Read every title of a set whose label is sure, and count."""
    rows = labelled(name)
    read = [(row, classify(row["title"])) for row in rows if not row.get("unsure")]
    clear = [
        (row["digital"] == "yes", c.digital == "yes") for row, c in read if row["digital"] != "borderline"
    ]
    hits, said, true = clear.count((True, True)), sum(s for _, s in clear), sum(t for t, _ in clear)
    with_role = [(row, c) for row, c in read if row["role_agreed"] and row["role"]]
    with_level = [(row, c) for row, c in read if row["level_agreed"] and row["level"]]
    precision, recall = _share(hits, said), _share(hits, true)
    misses = sorted(_misses(read), key=lambda miss: -miss[0])
    return Report(
        name=name,
        titles=len(read),
        precision=precision,
        recall=recall,
        f1=_share(2 * precision * recall, precision + recall),
        roles=len(with_role),
        role_right=_share(sum(row["role"] == c.role for row, c in with_role), len(with_role)),
        role_coverage=_share(sum(c.role is not None for _, c in with_role), len(with_role)),
        wrong_family=sum(_wrong_family(row, c) for row, c in read),
        levels=len(with_level),
        level_right=_share(sum(row["level"] == c.level for row, c in with_level), len(with_level)),
        worst=tuple(text for _, text in misses[:20]),
        unsure=len(rows) - len(read),
    )


def table(reports: Iterable[Report]) -> str:
    """The reports as text, a row a set, then each set's worst."""
    reports = list(reports)
    head = "set       titles  precision  recall     F1  roles  top-1  coverage  wrong family  levels  level"
    rows = [
        f"{r.name:<9} {r.titles:>6}  {r.precision:>9.3f}  {r.recall:>6.3f}  {r.f1:>5.3f}  {r.roles:>5}  {r.role_right:>5.3f}"
        f"  {r.role_coverage:>8.3f}  {r.wrong_family:>12}  {r.levels:>6}  {r.level_right:>5.3f}"
        for r in reports
    ]
    rows += [
        f"{r.name}: {r.titles} of {r.titles + r.unsure} titles, those of a sure label"
        for r in reports
        if r.unsure
    ]
    worst = [
        f"\nworst of {r.name}:\n" + "\n".join(f"  {line}" for line in r.worst) for r in reports if r.worst
    ]
    return "\n".join([head, *rows, *worst])


def _misses(read: Iterable[tuple[dict[str, Any], Classification]]) -> Iterator[tuple[float, str]]:
    for row, c in read:
        flat = row["digital"] != "borderline" and (row["digital"] == "yes") != (c.digital == "yes")
        role = bool(row["role_agreed"] and row["role"] and row["role"] != c.role)
        level = bool(row["level_agreed"] and row["level"] and row["level"] != c.level)
        if flat or role or level or row["digital"] != c.digital:
            badness = 4 * flat + 3 * _wrong_family(row, c) + 2 * role + level + c.confidence / 10
            label = f"{row['digital']}, {row['role']}, {row['level']}"
            yield badness, f"{row['title']}: {label}, read {c.digital}, {c.role}, {c.level} ({c.why})"


def _wrong_family(row: dict[str, Any], c: Classification) -> bool:
    """A role of another family than the labelled one, or on a title that is no job of ours, said with confidence."""
    if c.role is None or c.confidence < CONFIDENT:
        return False
    if row["digital"] == "no":
        return True
    return bool(row["role_agreed"] and row["role"] and standard_roles()[row["role"]].family != c.family)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    print(table(report(name) for name in SETS))  # noqa: T201
