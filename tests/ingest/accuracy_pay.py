"""How often pay is read as a careful person reads it: `python -m tests.ingest.accuracy_pay` prints the table."""

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.ingest.pay import as_row, read_pay

DATA = Path(__file__).resolve().parents[1] / "data"
AMOUNT = ("min", "max", "period")
FIELDS = (*AMOUNT, "basis", "scp_min", "scp_max")
WORST = 20
LONGEST_INPUT = 20_000
HARDEST = (
    "1", "£1 ", "25k ", "£25,000 (", "per annum ", "SCP 5 - ", "&pound;25,000 &ndash; ", "£–", "(", "25,000 - ",
    "£25,000 actual pro rata (FTE £28,000) SCP 5-7 per annum ", "£5 plus London weighting up to ", "Â£9â€“",
    "£9starting salary£12.50per hour25k-(fte)scp 5", "<a", "£20,000 a year ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Misread:
    """A text whose reading differs from its label: field by field the label and what was read."""

    text: str
    unsure: bool
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class SetAccuracy:
    """Counts over one labelled set: texts, amounts all right, every field right, and each field right.

    `unsure` texts are left out of a set of which only sure labels count.
    """

    name: str
    texts: int
    amounts_right: int
    all_right: int
    field_right: dict[str, int]
    misread: tuple[Misread, ...]
    unsure: int = 0

    @property
    def amounts(self) -> float:
        """Share of texts with minimum, maximum and period all right."""
        return self.amounts_right / self.texts

    @property
    def everything(self) -> float:
        """Share of texts with every field right."""
        return self.all_right / self.texts


@dataclass(frozen=True, slots=True)
class PayAccuracy:
    """The sets apart, so that what was tuned to never hides what was not; and milliseconds of CPU a text."""

    sets: tuple[SetAccuracy, ...]
    mean_milliseconds: float
    longest_milliseconds: float

    def named(self, name: str) -> SetAccuracy:
        return next(part for part in self.sets if part.name == name)


def labelled(file: str, part: str | None = None) -> list[dict[str, Any]]:
    """The rows of a labelled file, of one part of it where one is named."""
    rows = [json.loads(line) for line in (DATA / file).read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if part is None or row["part"] == part]


def score(name: str, rows: list[dict[str, Any]], *, sure_only: bool = False) -> SetAccuracy:
    """Read every text of a set and compare it with its label; pounds are compared to the penny.

    With `sure_only` the texts are left out, and counted, of which the labeller would not bet on the label.
    """
    given = len(rows)
    rows = [row for row in rows if not (sure_only and row["unsure"])]
    misread = []
    right: Counter[str] = Counter()
    for row in rows:
        read = as_row(read_pay(row["text"]))
        wrong = {field: (row[field], read[field]) for field in FIELDS if not _same(row[field], read[field])}
        right.update(field for field in FIELDS if field not in wrong)
        right["amounts"] += not any(field in wrong for field in AMOUNT)
        if wrong:
            misread.append(Misread(row["text"], row["unsure"], wrong))
    misread.sort(
        key=lambda miss: (miss.unsure, -sum(field in AMOUNT for field in miss.fields), -len(miss.fields))
    )
    return SetAccuracy(
        name,
        len(rows),
        right["amounts"],
        len(rows) - len(misread),
        {f: right[f] for f in FIELDS},
        tuple(misread),
        given - len(rows),
    )


def report() -> PayAccuracy:
    """Accuracy on the development set, on both parts of our own, and on what a reader blind to the code labelled."""
    development = labelled("pay_dev.jsonl")
    sets = (
        score("development", development),
        score("tune", labelled("pay_extra.jsonl", "tune")),
        score("held out", labelled("pay_extra.jsonl", "held_out")),
        score("blind", labelled("pay_blind.jsonl"), sure_only=True),
    )
    texts = [row["text"] for row in development]
    hardest = [(piece * LONGEST_INPUT)[:LONGEST_INPUT] for piece in HARDEST]
    hardest += [(piece * LONGEST_INPUT)[:length] for piece in HARDEST for length in (790, 2_000)]
    return PayAccuracy(
        sets,
        sum(map(_milliseconds, texts)) / len(texts),
        max(min(_milliseconds(t) for _ in range(5)) for t in hardest),
    )


def table(accuracy: PayAccuracy) -> str:
    """The report as text: a line a set, then its worst misreadings."""
    heads = f"{'pay':<12} {'texts':>5} {'amounts':>8} {'all':>7}  " + " ".join(
        f"{field:>7}" for field in FIELDS
    )
    lines = [heads]
    for part in accuracy.sets:
        fields = " ".join(f"{part.field_right[field] / part.texts:7.1%}" for field in FIELDS)
        lines.append(f"{part.name:<12} {part.texts:>5} {part.amounts:8.1%} {part.everything:7.1%}  {fields}")
    lines += [
        f"{part.name}: {part.texts} of {part.texts + part.unsure} texts, those of a sure label"
        for part in accuracy.sets
        if part.unsure
    ]
    lines.append(
        f"{accuracy.mean_milliseconds:.2f} ms a text; hardest {LONGEST_INPUT:,} characters"
        f" {accuracy.longest_milliseconds:.2f} ms"
    )
    for part in accuracy.sets:
        for miss in part.misread[:WORST]:
            lines.append(f"\n{part.name}{' (label unsure)' if miss.unsure else ''}: {miss.text[:160]}")
            lines += [f"    {field}: {label} read as {read}" for field, (label, read) in miss.fields.items()]
    return "\n".join(lines)


def _same(label: object, read: object) -> bool:
    if isinstance(label, int | float) and isinstance(read, int | float):
        return abs(label - read) < 0.005
    return label == read


def _milliseconds(text: str) -> float:
    started = time.process_time()
    read_pay(text)
    return (time.process_time() - started) * 1_000


if __name__ == "__main__":
    sys.stdout.write(table(report()) + "\n")
