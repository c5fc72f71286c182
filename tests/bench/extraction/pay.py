"""Pay from an advert's words, beside price-parser and quantulum3, on the labelled texts of tests/data."""

import importlib.util
import re
import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

from price_parser import Price

from services.ingest.pay import read_pay
from tests.bench.extraction.speed import calls_per_second
from tests.bench.measuring import interleaved
from tests.bench.results import Comparison, Result, Scale, Series
from tests.ingest.accuracy_pay import labelled

Ends = tuple[float | None, float | None]
_TO: Final = re.compile(r"\s*(?:\bto\b|[-–—])\s*", re.IGNORECASE)
SETS: Final = {"development": "pay_dev.jsonl", "our own": "pay_extra.jsonl", "blind": "pay_blind.jsonl"}


def ours(text: str) -> Ends:
    """The service's reader."""
    read = read_pay(text)
    return _number(read.minimum), _number(read.maximum)


def price_parser(text: str) -> Ends:
    """A price is one amount: each end of a range is given to it apart, and the ends are the least and the most."""
    found = [price.amount for part in _TO.split(text) if (price := Price.fromstring(part)).amount is not None]
    return (_number(min(found)), _number(max(found))) if found else (None, None)


def _quantulum() -> Callable[[str], Ends]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that a classifier of units may be installed beside it
        from quantulum3 import parser

    def quantulum3(text: str) -> Ends:
        """Quantities in pounds; a range is a value and how uncertain it is."""
        ends: list[float] = []
        for found in parser.parse(text):
            if "pound sterling" in found.unit.name:
                around = found.uncertainty or 0
                ends += (found.value - around, found.value + around)
        return (min(ends), max(ends)) if ends else (None, None)

    return quantulum3


SIDES: Final[Mapping[str, Callable[[str], Ends]]] = {
    "ours": ours,
    "price-parser": price_parser,
    **({"quantulum3": _quantulum()} if importlib.util.find_spec("quantulum3") else {}),
}


async def bench(scale: Scale) -> Result:
    """Who reads the amounts of how many texts as their label says; and how many texts a second."""
    sets = {name: texts(file)[: 30 if scale.quick else None] for name, file in SETS.items()}
    series = [
        Series(f"{name}: {side}, amounts right", "%", (right(read, rows),), "more")
        for name, rows in sets.items()
        for side, read in SIDES.items()
    ]
    words = [row["text"] for row in sets["development"]]
    least = 0.01 if scale.quick else 0.2
    sides = {
        f"{side}, speed": calls_per_second(partial(_read_all, read, words), least)
        for side, read in SIDES.items()
    }
    found = await interleaved(sides, scale.rounds)
    series += [
        Series(name, "texts a CPU second", tuple(value * len(words) for value in values), "more")
        for name, values in found.items()
    ]
    others = [side for side in SIDES if side != "ours"]
    return Result(
        name="pay",
        says=(
            "Pay as adverts print it. A reading is right where lowest and highest amount are the label's to the penny; the period, "
            "basis, grade and spine points, which only ours reads, are not counted here (`python -m tests.ingest.accuracy_pay`)."
        ),
        series=tuple(series),
        comparisons=(
            *(
                Comparison(f"{name}: ours, amounts right", f"{name}: {side}, amounts right", at_least=1)
                for name in sets
                for side in others
            ),
            *(Comparison("ours, speed", f"{side}, speed") for side in others),
        ),
        notes=tuple(f"{name}: {len(rows)} texts with a sure label." for name, rows in sets.items()),
    )


def right(read: Callable[[str], Ends], rows: list[dict[str, Any]]) -> float:
    """Per cent of texts whose amounts are the label's."""
    return 100 * sum(_same(read(row["text"]), (row["min"], row["max"])) for row in rows) / len(rows)


def texts(file: str) -> list[dict[str, Any]]:
    """The rows of a labelled file whose label is sure."""
    return [row for row in labelled(file) if not row["unsure"]]


def _same(read: Ends, label: tuple[Any, Any]) -> bool:
    return all(
        mine is its if mine is None or its is None else abs(mine - its) < 0.005
        for mine, its in zip(read, label, strict=True)
    )


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _read_all(read: Callable[[str], Ends], words: list[str]) -> None:
    for text in words:
        read(text)
