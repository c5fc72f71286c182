"""Where each millisecond goes: a table made of traces. Pure.

A trace holds the spans of one posting in all services (see docs/tracing.md). Of each mail in it the way back to the poll is
followed by the spans' parents, and the time between two moments on it is given to a step, so that the steps of one way add
up to all of it: what lies between two spans is waiting, and is a step of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import mean
from typing import Any, Final

from tests.bench.latency.measured import percentile

Span = Mapping[str, Any]

STEPS: Final = {
    "ingest fetch": "The board is asked and answers.",
    "ingest decode": "The feed becomes postings.",
    "ingest extract": "Postings become roles.",
    "ingest look again": "Adverts that are missing are asked after.",
    "ingest conclude": "What is new is decided and saved, until its event is put into the outbox.",
    "outbox": "The event waits for its transaction to commit, and for the relay.",
    "publish": "The relay gives it to Kafka, in a Kafka transaction.",
    "kafka": "It waits on Kafka until the service begins with its batch.",
    "handle": "The service handles the batch that it is in.",
    "commit": "That is committed.",
    "wait to be judged": "notify notices what was committed.",
    "judge": "Who wants it is found, and a mail is put down.",
    "wait": "That is committed, and the mail waits to be claimed.",
    "load": "What it tells of is loaded and the claim committed; the mail waits for its turn.",
    "compose": "The letter is written.",
    "send": "It is signed, given to the relay, and the relay says yes.",
    "other": "Between the steps of one piece of work.",
}
"""In the order of the way; those from `outbox` to `commit` come once for each service on it, with its name before."""


def ways(spans: Iterable[Span]) -> list[list[tuple[str, float]]]:
    """Of each mail the steps from the poll to the relay's yes, each with its milliseconds."""
    traces: dict[str, dict[str, Span]] = defaultdict(dict)
    parts: dict[tuple[str, str | None], list[Span]] = defaultdict(list)
    for span in spans:
        traces[span["trace"]][span["span"]] = span
        parts[span["trace"], span["parent"]].append(span)
    found = []
    for trace, by_id in traces.items():
        for mail in (span for span in by_id.values() if span["name"] == "mail"):
            way = [mail]
            while (above := by_id.get(way[-1]["parent"] or "")) is not None:
                way.append(above)
            if way[-1]["name"] == "poll":
                found.append(_steps(way[::-1], lambda span, of=trace: parts[of, span["span"]]))
    return found


def _steps(way: Sequence[Span], parts_of: Any) -> list[tuple[str, float]]:
    """From the moment the board was asked."""
    steps: list[tuple[str, float]] = []
    at = way[0]["began"]

    def until(moment: int, name: str) -> None:
        nonlocal at
        if moment > at:
            steps.append((name, (moment - at) / 1e6))
            at = moment

    for place, span in enumerate(way):
        after = way[place + 1]["began"] if place + 1 < len(way) else span["ended"]
        if span["name"].startswith("process"):
            until(span["began"], f"{span['service']} kafka")
        elif span["name"] == "mail":
            until(span["began"], "wait to be judged")
        for part in sorted(parts_of(span), key=lambda one: (one["began"], one["ended"])):
            if part["name"] in _PARTS:
                # What comes next on the way may begin in the midst of a part, which counts until then.
                until(min(part["began"], after), "other")
                until(min(part["ended"], after), _named(span, part["name"]))
    return steps


_PARTS: Final = {
    "fetch", "decode", "extract", "look again", "conclude", "outbox", "publish", "handle", "commit", "judge", "wait",
    "load", "compose", "send",
}  # fmt: skip


def _named(span: Span, part: str) -> str:
    if span["name"] == "mail":
        return part
    return f"{span['service']} {part}"


def meaning(step: str) -> str:
    """What happens in that step."""
    return STEPS.get(step) or STEPS[step.partition(" ")[2]]


def table(found: Sequence[Sequence[tuple[str, float]]]) -> list[tuple[str, float, float, float]]:
    """Of each step in the order of the way: milliseconds on average, at the median and at p99, over all ways."""
    order: dict[str, int] = {}
    for way in sorted(found, key=len, reverse=True)[:1]:
        order |= {name: place for place, (name, _) in enumerate(way)}
    spent: dict[str, list[float]] = defaultdict(list)
    for way in found:
        sums: dict[str, float] = defaultdict(float)
        for name, took in way:
            sums[name] += took
        for name, took in sums.items():
            spent[name].append(took)
    count = len(found)
    rows = []
    for name in sorted(spent, key=lambda one: order.get(one, 99)):
        took = spent[name] + [0.0] * (count - len(spent[name]))
        rows.append((name, mean(took), percentile(took, 50), percentile(took, 99)))
    return rows
