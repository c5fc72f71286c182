"""Read pay from the fields a source gives: schema.org `baseSalary`, Eploy, LGjobs, iTrent and their kin.

A source's numbers are a hint, its words are the fact: "£52,000 - £85,000" has been seen beside 85000 and 85000, and
"£13.45/hr" beside 26000. So where there are words with an amount in them, the words are read and the numbers only
lend what the words leave out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Final

from services.ingest.pay.periods import by_size
from services.ingest.pay.reader import read_pay
from services.ingest.pay.reading import PayReading, Period, in_words, is_plausible

_LOW: Final = (
    "minvalue",
    "minsalary",
    "minimumsalary",
    "salaryminimum",
    "salaryrangefrom",
    "salaryfrom",
    "min",
    "minimum",
)
_HIGH: Final = (
    "maxvalue",
    "maxsalary",
    "maximumsalary",
    "salarymaximum",
    "salaryrangeto",
    "salaryto",
    "max",
    "maximum",
)
_UNIT: Final = ("unittext", "salaryunit", "unitcode", "interval", "unit", "salaryperiod", "period")
_CURRENCY: Final = ("currency", "currencycode", "salarycurrency")
_WORDS: Final = (
    "displaysalary", "formattedsalarydescription", "salarydescription", "salarytext", "salary", "salaryrange", "package",
    "value", "salarysearchvalue",
)  # fmt: skip
_NESTED: Final = ("value", "basesalary", "salaryrangefree", "salaryrange", "salary", "estimatedsalary")
_PERIODS: Final[tuple[tuple[str, Period], ...]] = (
    ("year", "year"), ("ann", "year"), ("anum", "year"), ("month", "month"), ("mon", "month"), ("week", "week"),
    ("wee", "week"), ("day", "day"), ("dai", "day"), ("hour", "hour"), ("hur", "hour"), ("hr", "hour"),
)  # fmt: skip
_NUMBER: Final = re.compile(r"\s*£?\s*([0-9]{1,9}(?:\.[0-9]{1,8})?)\s*")
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """Pounds as a source's own fields give them; zero and placeholders count as not given."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    period: Period | None = None
    foreign: bool = False
    words: str | None = None

    @property
    def given(self) -> bool:
        return self.minimum is not None or self.maximum is not None


def read_structured_pay(value: object, *, text: str | None = None) -> PayReading:
    """Pay from a source's field, and its words where it gives any; never raises, whatever the value.

    `value` is a string, a number, a mapping (MonetaryAmount with `value` or `minValue` and `maxValue`, Eploy
    `DisplaySalary`, LGjobs `salaryRangeFree`, iTrent `formattedsalarydescription` and `minimumsalary`) or a list, of
    which the first that gives anything is read. `text` is the salary line printed beside it. The reading's `text` is
    the words read, empty where only numbers were given.
    """
    figures = _figures(value, 0)
    readings = [read_pay(words) for words in (text, figures.words) if words and words.strip()]
    said = next((reading for reading in readings if reading.has_amount), None)
    if said is not None:
        return _with_figures(said, figures)
    reading = readings[0] if readings else read_pay("")
    if figures.foreign:
        return replace(reading, why_not="money in another currency only") if figures.given else reading
    return _from_figures(reading, figures) if figures.given else reading


def _with_figures(said: PayReading, figures: Figures) -> PayReading:
    """The words' reading; the numbers add the period where they agree, and are named where they contradict."""
    if not figures.given or figures.foreign:
        return said
    pairs = ((figures.minimum, said.minimum), (figures.maximum, said.maximum))
    if all(figure is None or bound is None or figure == bound for figure, bound in pairs):
        if said.period is None and figures.period is not None:
            plausible = is_plausible(said.minimum, said.maximum, figures.period)
            return replace(said, period=figures.period, plausible=plausible)
        return said
    shown = " - ".join(dict.fromkeys(in_words(figure) for figure, _ in pairs if figure is not None))
    return replace(
        said, ignored=(*said.ignored, f"{shown} in the source's own figures (the words say otherwise)")
    )


def _from_figures(reading: PayReading, figures: Figures) -> PayReading:
    """A reading made of numbers alone, with the grade and points its words gave."""
    low, high = figures.minimum, figures.maximum
    if low is not None and high is not None and low > high:
        low, high = high, low
    period = figures.period or by_size(low or high or Decimal(0))
    return replace(
        reading,
        minimum=low,
        maximum=high,
        period=period,
        why_not=None,
        plausible=is_plausible(low, high, period),
    )


def _figures(value: object, depth: int) -> Figures:
    if isinstance(value, Mapping):
        return _of_mapping({_key(key): item for key, item in value.items()}, depth)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        found = (_figures(item, depth + 1) for item in islice(value, 5) if depth < _DEEPEST)
        return next((figures for figures in found if figures.given or figures.words), Figures())
    if isinstance(value, str) and not _NUMBER.fullmatch(value[:40]):
        return Figures(words=value)
    amount = _amount(value)
    return Figures(minimum=amount, maximum=amount)


def _of_mapping(fields: dict[str, object], depth: int) -> Figures:
    """What one mapping says, with what a mapping inside it says where it leaves something out."""
    inner = Figures()
    for name in _NESTED:
        item = fields.get(name)
        if depth < _DEEPEST and isinstance(item, Mapping | list | tuple):
            inner = _figures(item, depth + 1)
            if inner.given or inner.words:
                break
    low, high = _first_amount(fields, _LOW), _first_amount(fields, _HIGH)
    if low is None and high is None:
        low = high = _first_amount(fields, ("value", "salary", "salarysearchvalue", "amount"))
    words = next(
        (
            item
            for name in _WORDS
            if isinstance(item := fields.get(name), str) and not _NUMBER.fullmatch(item[:40])
        ),
        None,
    )
    currency = next(
        (item[:8].strip().upper() for name in _CURRENCY if isinstance(item := fields.get(name), str)), "GBP"
    )
    return Figures(
        minimum=low if low is not None or high is not None else inner.minimum,
        maximum=high if low is not None or high is not None else inner.maximum,
        period=_period(next((fields[name] for name in _UNIT if fields.get(name)), None)) or inner.period,
        foreign=currency not in ("", "GBP", "£", "UKP", "POUND", "POUNDS") or inner.foreign,
        words=words or inner.words,
    )


def _key(name: object) -> str:
    """A field's name without case and joining marks: "salary_range" and "salaryRange" are one."""
    return re.sub(r"[^a-z]", "", name[:60].lower()) if isinstance(name, str) else ""


def _period(unit: object) -> Period | None:
    told = unit[:40].lower() if isinstance(unit, str) else ""
    return next((period for sign, period in _PERIODS if sign in told), None)


def _first_amount(fields: dict[str, object], names: tuple[str, ...]) -> Decimal | None:
    return next((amount for name in names if (amount := _amount(fields.get(name))) is not None), None)


def _amount(value: object) -> Decimal | None:
    """Pounds from a number or a bare numeric string, to the penny; None for zero, true, and what is no number."""
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value.replace(",", "")[:40])
        value = found[1] if found else None
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        amount = Decimal(str(value)[:30]).quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError):
        return None
    return amount if amount.is_finite() and 0 < amount < Decimal(10_000_000) else None
