"""Join the numbers of a text into offers of pay: one amount, or a range with a lower and an upper end."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from services.ingest.pay.amounts import Amount, amounts_in
from services.ingest.pay.periods import Found, adjoining, suits

_TOKEN: Final = re.compile(r"[a-z]+|[^\sa-z]")
_JOINS: Final = frozenset({"-", "to", "and", "rising", "increasing", "/", "~", ">", "through", "until"})
_FILLS: Final = frozenset(
    (
        *"()[],*:.|",
        *("per", "annum", "p", "a", "pa", "year", "an", "hour", "ph", "day", "pd", "month", "week"),
        *("annually", "hourly", "daily", "fte", "full", "time", "equivalent", "gross", "paye", "umbrella"),
        *("or", "up", "c", "circa", "approx", "approximately", "around", "about", "maximum", "max", "of"),
        *("currently", "gbp", "salary"),
    )
)
_UNIT: Final = re.compile(
    r"\s?-?\s?(?:hours?|hrs?|days?|weeks?|wks?|months?|mths?|years?|yrs?|minutes?|mins\b|%|percent|per cent|st\b|nd\b|rd\b|th\b"
    r"|am\b|pm\b|:[0-9]|posts?\b|positions?|vacanc|miles)"
)
_REFERENCE: Final = re.compile(
    r"(?:ref|reference|id|no|number|code|post|job|vacancy|req|tel|telephone|phone|#)[\s.:#-]*$"
)
_MOST_UNMARKED: Final = Decimal(300_000)


@dataclass(frozen=True, slots=True)
class Offer:
    """Amounts that belong together, from `start` to `end` of the text. A value is None where it cannot be read."""

    values: tuple[Decimal | None, ...]
    start: int
    end: int

    @property
    def low(self) -> Decimal | None:
        known = [value for value in self.values if value is not None]
        if len(known) < len(self.values) and self.values[0] is None:
            return None
        return min(known, default=None)

    @property
    def high(self) -> Decimal | None:
        known = [value for value in self.values if value is not None]
        if len(known) < len(self.values) and self.values[-1] is None:
            return None
        return max(known, default=None)

    @property
    def size(self) -> Decimal:
        """The largest amount read, by which offers are compared."""
        return max((value for value in self.values if value is not None), default=Decimal(0))


def offers_in(text: str, named: list[Found]) -> tuple[list[Offer], bool]:
    """Every offer of pounds in a tidied, lower-case text, in order, and whether other money was seen (rule 8).

    `named` are the periods the text names.
    """
    groups = _groups(text, named, amounts_in(text))
    marked = any(amount.pounds for group in groups for amount in group)
    offers = [
        _offer(text, named, group)
        for group in groups
        if not any(amount.foreign for amount in group) and _is_money(text, named, group, marked)
    ]
    foreign = any(amount.foreign for group in groups for amount in group)
    return [offer for offer in offers if offer.size or None in offer.values], foreign


def _groups(text: str, named: list[Found], amounts: list[Amount]) -> list[list[Amount]]:
    """Neighbours joined by a dash, "to", "and" or "rising to", with nothing but filling words between."""
    groups: list[list[Amount]] = []
    for amount in amounts:
        if groups and (mate := _joined(text, named, groups[-1][-1], amount)):
            groups[-1][-1:] = mate
        else:
            groups.append([amount])
    return groups


def _joined(text: str, named: list[Found], first: Amount, second: Amount) -> list[Amount] | None:
    """Both ends of a range, scaled alike ("25-30k", "£35-40,000"), or None where the two are not one range."""
    gap = text[first.end : second.start]
    tokens = _TOKEN.findall(gap) if len(gap) <= 60 else ["."] * 20
    side_by_side = first.pounds and second.pounds and not gap.strip()
    if not side_by_side and second.start < second.end and not _connects(tokens):
        return None
    if not second.pounds and _UNIT.match(text, second.end) and not adjoining(text, named, second.end):
        return None
    if first.foreign != second.foreign and first.pounds != second.pounds:
        return None
    low, high = first, second
    if first.value is not None and second.value is not None:
        low, high = _same_scale(first, second)
        bottom, top = low.value or Decimal(0), high.value or Decimal(0)
        if top < bottom * Decimal("0.98") or (bottom < 60 <= 1_000 <= top) or top > bottom * 20:
            return None
        if not {"-", "to"} & set(tokens) and top > bottom * 3:
            return None
    pounds, foreign = first.pounds or second.pounds, first.foreign or second.foreign
    return [replace(low, pounds=pounds, foreign=foreign), replace(high, pounds=pounds, foreign=foreign)]


def _connects(tokens: list[str]) -> bool:
    return any(token in _JOINS for token in tokens) and all(
        token in _JOINS or token in _FILLS for token in tokens
    )


def _same_scale(low: Amount, high: Amount) -> tuple[Amount, Amount]:
    """Give both ends the thousands that only one shows: "25-30k", "45k-50", "£35 - £40,000", "£25.5 - 28k"."""
    bottom, top = low.value or Decimal(0), high.value or Decimal(0)
    lone = high.pounds and not low.pounds
    if (
        (high.thousands or top >= 10_000)
        and bottom < 1_000
        and not low.thousands
        and not lone
        and bottom * 1_000 <= top
    ):
        return replace(low, value=bottom * 1_000), high
    if (low.thousands or bottom >= 10_000) and top < 1_000 and not high.thousands and top * 1_000 >= bottom:
        return low, replace(high, value=top * 1_000)
    return low, high


def _is_money(text: str, named: list[Found], group: list[Amount], marked: bool) -> bool:
    """Whether a group with no pound sign is pay all the same: thousands, or a number beside a rate it suits."""
    if any(amount.pounds for amount in group):
        return True
    values = [amount.value for amount in group if amount.value is not None]
    if not values or _REFERENCE.search(text, max(0, group[0].start - 16), group[0].start):
        return False
    if max(values) > _MOST_UNMARKED or (
        _UNIT.match(text, group[-1].end) and not adjoining(text, named, group[-1].end)
    ):
        return False
    rate = adjoining(text, named, group[-1].end)
    if rate and suits(min(values), rate) and (rate != "week" or max(values) >= 100):
        return True
    if any(amount.thousands for amount in group):
        return min(values) >= 5_000
    if min(values) < 10_000:
        return False
    return not marked or len(group) > 1 or group[0].grouped


def _offer(text: str, named: list[Found], group: list[Amount]) -> Offer:
    """The group as an offer. "£12.850 per hour" is pence after all; "£24.313" alone is thousands."""
    rate = adjoining(text, named, group[-1].end)
    values = [
        amount.value / 1_000
        if amount.dotted and amount.value is not None and rate not in (None, "year")
        else amount.value
        for amount in group
    ]
    return Offer(tuple(values), group[0].start, group[-1].end)


def gaps(text: str, offers: list[Offer]) -> list[str]:
    """The text before the first offer, between each two, and after the last: one more than there are offers."""
    edges = [0, *(edge for offer in offers for edge in (offer.start, offer.end)), len(text)]
    return [text[start:end] for start, end in list(pairwise(edges))[::2]]
