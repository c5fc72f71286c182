"""What every face is given, and what it gives: plain values, so that a face is a function without a server."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from deploy.local.boards.adverts import Advert, Board
from deploy.local.boards.feeds import vacancy_number

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"

_MONEY = re.compile(r"£\s?(NaN|\d[\d,]*(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a face. `path` begins after the face's own address, without a slash; `body` is what was posted;
    `headers` are by lower-case name."""

    path: str
    query: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a face shows. `base` is the server's address, `here` the face's own, both without a slash at the end."""

    board: Board
    adverts: Sequence[Advert]
    base: str
    here: str
    today: date

    def numbered(self, number: str | None) -> Advert | None:
        """The advert with this vacancy number."""
        return next((advert for advert in self.adverts if vacancy_number(advert) == number), None)


@dataclass(frozen=True, slots=True)
class Content:
    """An answer with status 200, or another that the vendor would give here.

    `passing` is what belongs to one visitor (a session): it never passes for unchanged.
    """

    text: str
    media_type: str
    status: int = 200
    passing: bool = False


def figures(pay: str | None) -> tuple[str, ...]:
    """The first two amounts in a pay text, without thousands separators: `£1,000.50` is `1000.50`."""
    return tuple(found.replace(",", "") for found in _MONEY.findall(pay or "")[:2])


def day(text: str | None, pattern: str) -> str | None:
    """A date of the file in a vendor's own writing, without a leading zero."""
    if text is None:
        return None
    return datetime.fromisoformat(text).strftime(pattern).removeprefix("0")


def days_ago(text: str, today: date) -> str:
    """How long ago, as Workday says it."""
    days = (today - datetime.fromisoformat(text).date()).days
    return "Posted Today" if days <= 0 else "Posted 30+ Days Ago" if days > 30 else f"Posted {days} Days Ago"


def whole(text: str | None, otherwise: int) -> int:
    """A whole number from a query, not negative; `otherwise` where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else otherwise
