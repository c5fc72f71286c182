"""How truly adverts are told to be one job or two, on labelled pairs: `python -m tests.ingest.accuracy_duplicates`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.ingest.duplicates import Advert, Verdict, same_job

FILE = Path(__file__).parents[1] / "data" / "duplicates.jsonl"
SETS = ("tune", "held_out", "by_hand")


@dataclass(frozen=True)
class Pair:
    """Two adverts, whether a careful person takes them for one job, and why."""

    kind: str
    one: Advert
    other: Advert
    same: bool
    why: str


@dataclass(frozen=True)
class Report:
    """One labelled set, judged: counts, rates between 0 and 1, and every pair judged wrongly."""

    name: str
    pairs: int
    one_job: int
    precision: float
    recall: float
    kinds: tuple[tuple[str, int, int], ...]
    """Kind of pair, how many there are, how many were judged rightly."""
    wrong: tuple[str, ...]


def labelled(name: str) -> list[Pair]:
    """The pairs of one set of SETS."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [
        Pair(
            other["kind"],
            advert(row["advert"]),
            advert(row["advert"] | other["differs"]),
            other["same"],
            other["why"],
        )
        for row in rows
        if row["split"] == name
        for other in row["others"]
    ]


def advert(facts: dict[str, Any]) -> Advert:
    """An advert from its JSON object."""
    days = {
        name: date.fromisoformat(facts[name]) if facts[name] else None for name in ("posted_on", "closes_on")
    }
    return Advert(
        **facts | days | {"authorities": frozenset(facts["authorities"]), "links": tuple(facts["links"])}
    )


def report(name: str) -> Report:
    """Judge every pair of a set, and count."""
    judged = [(pair, same_job(pair.one, pair.other)) for pair in labelled(name)]
    said = sum(verdict.same for _, verdict in judged)
    true = sum(pair.same for pair, _ in judged)
    both = sum(pair.same and verdict.same for pair, verdict in judged)
    kinds = dict.fromkeys(pair.kind for pair, _ in judged)
    return Report(
        name=name,
        pairs=len(judged),
        one_job=true,
        precision=both / said if said else 0.0,
        recall=both / true if true else 0.0,
        kinds=tuple(
            (
                kind,
                sum(pair.kind == kind for pair, _ in judged),
                sum(pair.kind == kind and pair.same == verdict.same for pair, verdict in judged),
            )
            for kind in kinds
        ),
        wrong=tuple(_wrong(pair, verdict) for pair, verdict in judged if pair.same != verdict.same),
    )


def table(reports: Iterable[Report]) -> str:
    """The reports as text: a row a set, then a row a kind of pair, then what was judged wrongly."""
    reports = list(reports)
    lines = ["set        pairs  one job  precision  recall"]
    lines += [
        f"{r.name:<9} {r.pairs:>6}  {r.one_job:>7}  {r.precision:>9.3f}  {r.recall:>6.3f}" for r in reports
    ]
    for r in reports:
        lines.append(f"\n{r.name}, right of all:")
        lines += [f"  {kind:<28} {right:>4} of {pairs}" for kind, pairs, right in r.kinds]
        lines += [f"  wrong: {line}" for line in r.wrong]
    return "\n".join(lines)


def _wrong(pair: Pair, verdict: Verdict) -> str:
    label = "one job" if pair.same else "two jobs"
    return (
        f"{pair.one.title} / {pair.other.title}: {label} ({pair.why}), but {verdict.score:.2f}: {verdict.why}"
    )


if __name__ == "__main__":
    print(table(report(name) for name in SETS))  # noqa: T201
