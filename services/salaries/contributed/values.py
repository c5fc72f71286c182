"""The cells of an upload, read strictly: an amount is what it says, or it is refused."""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

LOWEST: Final = 10_000_00
"""Pence. No full-time job may pay less a year: it is below the National Minimum Wage for 36 hours."""

HIGHEST: Final = 400_000_00
"""Pence. No London authority pays more; an amount above it has lost its decimal point."""

MOST_POSTS: Final = 1_000
"""On one line."""

FULL_WEEK: Final = Fraction(36)
"""Hours of a full-time week in London local government (the London agreement of the Greater London Provincial
Council)."""

_AMOUNT: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(\.\d{1,4})?", re.ASCII)
_PLAIN: Final = re.compile(r"\d{1,4}(\.\d{1,6})?", re.ASCII)
_NINO: Final = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)
_EMAIL: Final = re.compile(r"\S@\S+\.\S")


class NotReadable(ValueError):
    """The text of the error says what is expected. `secret` where what was found must not be repeated."""

    def __init__(self, expected: str, *, secret: bool = False) -> None:
        super().__init__(expected)
        self.secret = secret


def unwrapped(cell: str) -> str:
    """A cell without what Excel wraps around it to keep a number as text: `="0123"` or a leading apostrophe."""
    if len(cell) > 3 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].strip()
    return cell[1:].strip() if cell.startswith("'") else cell


def read_text(cell: str) -> str:
    """Text that is no formula and no person's. Raises NotReadable."""
    text = unwrapped(cell)
    if text.startswith(("=", "+", "-", "@")):
        raise NotReadable("a value is expected, this begins like a formula; export the values alone")
    if _NINO.search(text) or _EMAIL.search(text):
        raise NotReadable(
            "this looks like a person's National Insurance number or email address; take it out", secret=True
        )
    if len(text) > 200:
        raise NotReadable("at most 200 characters are expected")
    return text


def read_salary(cell: str) -> int:
    """Pence a year. Raises NotReadable."""
    pence = read_amount(cell)
    check_salary(pence)
    return pence


def read_amount(cell: str) -> int:
    """Pence, from pounds with or without a pound sign and thousands separators. Raises NotReadable."""
    text = re.sub(r"[\u00a0\u202f\u2009]", " ", unwrapped(cell)).strip()
    text = re.sub(r"^(£|GBP)\s*|\s*(£|GBP)$", "", text, flags=re.IGNORECASE)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise NotReadable("pounds a year are expected, such as 52413 or £52,413.00")
    pounds = Decimal(re.sub("[, ]", "", match[1]) + (match[2] or ""))
    if pounds > HIGHEST:
        raise NotReadable(_expected_salary())
    return int((pounds * 100).to_integral_value(ROUND_HALF_EVEN))


def check_salary(pence: int) -> None:
    """Raises NotReadable where no full-time job pays that in a year."""
    if not LOWEST <= pence <= HIGHEST:
        raise NotReadable(_expected_salary())


def read_share(cell: str) -> Fraction:
    """The share of full time. Raises NotReadable."""
    text = unwrapped(cell)
    share = Fraction(text) if _PLAIN.fullmatch(text) else Fraction(0)
    if not 0 < share <= 1:
        raise NotReadable("a share of full time is expected, more than 0 and at most 1, such as 0.6")
    return share


def read_hours(cell: str) -> Fraction:
    """Hours a week as a share of full time; a week longer than 36 hours is full time too. Raises NotReadable."""
    text = unwrapped(cell)
    hours = Fraction(text) if _PLAIN.fullmatch(text) else Fraction(0)
    if not 0 < hours <= 48:
        raise NotReadable("hours a week are expected, more than 0 and at most 48, such as 36")
    return min(hours / FULL_WEEK, Fraction(1))


def read_posts(cell: str) -> int:
    """How many posts. Raises NotReadable."""
    text = unwrapped(cell)
    posts = int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0
    if not 1 <= posts <= MOST_POSTS:
        raise NotReadable(f"a whole number of posts is expected, 1 to {MOST_POSTS:,}")
    return posts


def _expected_salary() -> str:
    return f"a year's full-time pay is expected, £{LOWEST // 100:,} to £{HIGHEST // 100:,}"
