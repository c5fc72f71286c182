"""Numbers that may be money: how each is printed and what it is worth in pounds (rules 7 and 8)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

MOST: Final = 20
"""Numbers read in one text. A pay text prints a dozen at most; more is a table or noise."""

_CODES: Final = "eur|usd|aed|chf|aud|cad|nzd|inr|sek|nok|dkk|pln|zar|sar|qar|hkd|sgd"
_SIGN: Final = rf"(?P<sign>£|gbp|[$€¥₹]|(?<![a-z])(?:euros?|rs\.?|{_CODES}))\s?"
_NUMBER: Final = re.compile(
    rf"(?:{_SIGN})?(?P<digits>[0-9](?:[0-9.,]{{0,30}}[0-9])?)(?P<thousands>\s?k(?![a-z])|\s?thousand\b)?"
    r"(?P<huge>\s?(?:m|mn|bn|million|billion)\b)?"
    rf"(?P<after>\s?(?:£(?!\s?[0-9])|gbp\b(?!\s?[0-9])|€(?!\s?[0-9])|(?:euros?|dollars?|{_CODES})\b))?"
)
_SPLIT: Final = re.compile(r"(£\s?[0-9]{1,3})(?:, | ,| )([0-9]{3})(?![0-9,.]?[0-9])")
_GLUED: Final = re.compile(
    r"([0-9]{2,3},[0-9]{3}(?:\.[0-9]{2})?)([0-9]{2,3},[0-9]{3}(?:\.[0-9]{2})?)|([0-9]{5})([0-9]{5})"
)
_PLAIN: Final = re.compile(r"[0-9]+(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DOTTED: Final = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_DOTTED_PENCE: Final = re.compile(r"([0-9]{1,3})[.,]([0-9]{3})[.,]([0-9]{2})")
_COMMA_PENCE: Final = re.compile(r"[0-9]{1,2},[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Amount:
    """One number as printed. `value` is None where nobody could read it with confidence.

    `pounds` and `foreign` say that a currency is printed beside it, `thousands` that a k is, `dotted` that its only
    mark is a dot before three digits ("24.313": thousands in a year's pay, pence in an hour's).
    """

    value: Decimal | None
    start: int
    end: int
    pounds: bool = False
    foreign: bool = False
    thousands: bool = False
    grouped: bool = False
    dotted: bool = False


def mend_split_numbers(text: str) -> str:
    """Close the gap of "£26, 014", "£26 ,014" and "£26 014", where a pound sign shows that it is one number."""
    return _SPLIT.sub(r"\1,\2", text)


def amounts_in(text: str) -> list[Amount]:
    """Up to `MOST` numbers of a tidied, lower-case text, in order, each with its worth before anything around it."""
    found: list[Amount] = []
    for match in _NUMBER.finditer(text):
        if match["huge"] or (not match["sign"] and _is_part_of_a_word(text, match.start())):
            continue
        found.extend(_read(match))
        if len(found) >= MOST:
            break
    return found


def _is_part_of_a_word(text: str, start: int) -> bool:
    """Whether an unmarked number continues a code ("BB04", "G5.12") or a number already passed."""
    before = text[start - 1] if start else " "
    return before.isalnum() or (before == "." and start > 1 and text[start - 2].isalnum())


def _read(match: re.Match[str]) -> Iterator[Amount]:
    digits, sign, after = match["digits"], match["sign"] or "", (match["after"] or "").strip()
    start, end = match.span()
    pounds = sign in ("£", "gbp") or after in ("£", "gbp")
    foreign = not pounds and bool(sign or after)
    if glued := _GLUED.fullmatch(digits):
        low, high = (Decimal(part.replace(",", "")) for part in glued.groups() if part)
        if low <= high:
            yield Amount(low, start, end, pounds, foreign, grouped="," in digits)
            yield Amount(high, end, end, pounds, foreign, grouped="," in digits)
            return
    value = _worth(digits)
    thousands = match["thousands"] is not None and value is not None and value < 1_000
    yield Amount(
        value * 1_000 if thousands and value is not None else value,
        start,
        end,
        pounds,
        foreign,
        thousands,
        grouped="," in digits,
        dotted=not thousands and _DOTTED.fullmatch(digits) is not None,
    )


def _worth(digits: str) -> Decimal | None:
    """Pounds shown by a run of digits, dots and commas, slips mended; None for what cannot be read."""
    if len(digits) > 16:
        return None
    if _PLAIN.fullmatch(digits):
        return Decimal(digits)
    if _GROUPED.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    if _DOTTED.fullmatch(digits):
        return Decimal(digits.replace(".", ""))
    if parts := _DOTTED_PENCE.fullmatch(digits):
        return Decimal(f"{parts[1]}{parts[2]}.{parts[3]}")
    if _COMMA_PENCE.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    return None
