"""The sample adverts: what adverts.json holds, and how its dates move so that the boards look alive on any day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("adverts.json")
SNAPSHOT = date(2026, 8, 22)
"""The day on which the adverts were seen; every date in the file is as printed that day."""


@dataclass(frozen=True, slots=True)
class Board:
    """One sample board. `kind` is how its plain face is read, rss or jsonld; `look` whose way of printing fields that
    face follows."""

    id: str
    name: str
    kind: str
    look: str
    authorities: tuple[str, ...]
    """GSS codes of the boroughs whose jobs it carries."""
    face: str = ""
    """The vendor's face under which it is listed for ingest (see faces), where it has one."""


@dataclass(frozen=True, slots=True)
class Advert:
    """One advert. Facts as printed in `seen_at`; the description is written for this sample."""

    board: str
    id: str
    title: str
    employer: str
    authority: str
    """GSS code of the borough where the post is: the truth against which a reading can be checked."""
    location: str
    description: str
    pay: str | None = None
    posted: str | None = None
    """ISO date."""
    closes: str | None = None
    """ISO date, or date and time with offset."""
    department: str | None = None
    employment_type: str | None = None
    digital: bool | None = None
    """Whether it is a digital, data, technology or innovation job; None where two careful readers may differ."""
    source: str = "council"
    seen_at: str | None = None
    note: str | None = None
    link: str | None = None
    """Printed in place of the advert's own address: what a broken board would print."""


def load(file: Path = FILE) -> tuple[tuple[Board, ...], tuple[Advert, ...]]:
    """The boards and their adverts, in the file's order, dates as in the file."""
    document = json.loads(file.read_text(encoding="utf-8"))
    boards = tuple(
        Board(**{**board, "authorities": tuple(board["authorities"])}) for board in document["boards"]
    )
    return boards, tuple(advert_from(row) for row in document["adverts"])


def advert_from(row: Mapping[str, Any]) -> Advert:
    """An advert from its JSON object.

    Raises:
        ValueError: a field is missing, unknown, not text, or not a date.
    """
    unknown = set(row) - {field.name for field in fields(Advert)}
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
    wrong = [name for name, value in row.items() if name != "digital" and not isinstance(value, str | None)]
    if wrong:
        raise ValueError(f"not text: {', '.join(sorted(wrong))}")
    try:
        advert = Advert(**row)
    except TypeError as error:
        raise ValueError(str(error)) from error
    for text in (advert.posted, advert.closes):
        if text is not None:
            datetime.fromisoformat(text)
    return advert


def weeks_since_snapshot(today: date) -> int:
    """Whole weeks by which dates move forward, so that weekdays stay and nothing is posted in the future."""
    return max(0, (today - SNAPSHOT).days // 7)


def as_of(advert: Advert, today: date) -> Advert:
    """The advert with its dates moved forward by whole weeks, as it would look on that day."""
    weeks = timedelta(weeks=weeks_since_snapshot(today))
    return replace(advert, posted=_moved(advert.posted, weeks), closes=_moved(advert.closes, weeks))


def _moved(text: str | None, by: timedelta) -> str | None:
    if text is None:
        return None
    if len(text) == len("2026-08-22"):
        return (date.fromisoformat(text) + by).isoformat()
    return (datetime.fromisoformat(text) + by).isoformat()
