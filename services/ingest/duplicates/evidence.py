"""What speaks for and against two adverts being one job, fact by fact, each in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.ingest.duplicates import employer as employers
from services.ingest.duplicates import title as titles
from services.ingest.duplicates.advert import Advert
from services.ingest.duplicates.features import Features
from services.ingest.duplicates.money import compare_pay, printed_in
from services.ingest.duplicates.references import look_alike, other_numbers, same_reference
from services.ingest.duplicates.text import TextAgreement

_AWHILE: Final = timedelta(days=7)
"""How much later a second board shows an advert."""

EXTENDED: Final = timedelta(days=62)
"""How far one board's closing date may lie behind another's: two months of extensions."""

_TEXT: Final = {"verbatim": 4.0, "near": 3.0, "teaser": 2.5, "part": 0.5, "unknown": 0.0, "different": -2.0}
_SHORT: Final = 30
"""Words below which a teaser may be no more than what the employer says of itself in every advert."""

_PAY: Final = {"same": 2.0, "close": 1.2, "compatible": 0.6, "unknown": 0.0}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its facts and how they read."""

    advert: Advert
    known: Features


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that speaks for it (positive) or makes it less likely."""

    weight: float
    why: str


def plainly_against(one: Side, other: Side) -> str | None:
    """What title and employer alone say against it, whatever else agrees."""
    a, b = one.known, other.known
    if titles_differ := titles.against(a.title, b.title):
        return titles_differ
    if employers.compare_employers(a.employer, b.employer, a.authorities, b.authorities) == "different":
        return f"the employers differ ({one.advert.employer or 'not named'} / {other.advert.employer or 'not named'})"
    return None


def against(one: Side, other: Side, text: TextAgreement) -> str | None:
    """The first other fact that says that they are two jobs; None where none does. The same reference outweighs pay,
    place and what the text names, which boards get wrong."""
    a, b = one.known, other.known
    if same_reference(a.references, b.references):
        return None
    if numbers := other_numbers(a.references, b.references):
        return f"the references differ ({numbers[0]} / {numbers[1]})"
    if compare_pay(a.money, b.money) == "different" and not _either_prints(one, other):
        return "the pay differs"
    if text.reworded and any(titles.differing(a.title, b.title)):
        return "one title says more, and so does its text"
    if text.swapped:
        return f"one text says {text.swapped[0]} where the other says {text.swapped[1]}"
    if _places_apart(one, other) and not _one_advert_in_several_places(one, other, text):
        return f"the places differ ({one.advert.location} / {other.advert.location})"
    if _apart(one.advert.closes_on, other.advert.closes_on, EXTENDED):
        return "they close more than two months apart"
    return None


def points(one: Side, other: Side, text: TextAgreement) -> Iterator[Point]:
    """What makes it likelier that two adverts, which nothing speaks against, are one job."""
    a, b = one.known, other.known
    if not any(titles.differing(a.title, b.title)):
        yield Point(2.0, "same title")
    else:
        yield Point(0.0, "one title is the other, longer")
    who = employers.compare_employers(a.employer, b.employer, a.authorities, b.authorities)
    if who == "same":
        yield Point(1.5, "same employer")
    elif a.authorities & b.authorities:
        yield Point(-0.5, "an employer that one does not name, in the same borough")
    else:
        yield Point(-1.0, "an employer that one does not name")
    if same_reference(a.references, b.references):
        yield Point(4.0, "same reference")
    elif look_alike(a.references, b.references):
        yield Point(-2.0, "two numbers, perhaps of two systems")
    if set(one.advert.links) & set(other.advert.links):
        yield Point(3.0, "same address")
    pay = compare_pay(a.money, b.money)
    if pay == "different":
        yield Point(0.0, "one prints the other's pay in its text")
    else:
        yield Point(_PAY[pay], f"{pay} pay" if pay != "unknown" else "")
    yield from _dates(one.advert, other.advert)
    if text.kind != "unknown":
        short = text.kind == "teaser" and min(len(a.text.words), len(b.text.words)) < _SHORT
        yield Point(_TEXT[text.kind] - 0.5 * short, _told(text))
    if a.districts & b.districts:
        yield Point(0.5, "same place")
    elif _places_apart(one, other):
        yield Point(-1.0, "advertised for several places")


def _either_prints(one: Side, other: Side) -> bool:
    """Whether one's text prints the other's pay, as where one board shows the actual pay and one the full-time."""
    money, theirs = one.known.money, other.known.money
    return bool(
        money
        and theirs
        and (
            printed_in(money, other.advert.description or "")
            or printed_in(theirs, one.advert.description or "")
        )
        and not (one.known.title.grades or other.known.title.grades)
    )


def _dates(one: Advert, other: Advert) -> Iterator[Point]:
    if one.closes_on and other.closes_on:
        if one.closes_on == other.closes_on:
            yield Point(2.0, "same closing date")
        else:
            days = abs((one.closes_on - other.closes_on).days)
            yield Point(1.0 if days == 1 else -0.5, f"closing dates {days} days apart")
    if one.posted_on and other.posted_on:
        days = abs((one.posted_on - other.posted_on).days)
        if days <= 7:
            yield Point(1.0, "same posting date") if days == 0 else Point(0.5, f"posted {days} days apart")


def _told(text: TextAgreement) -> str:
    if text.kind == "verbatim":
        return "texts word for word the same"
    if text.kind == "different":
        return "texts with nothing in common"
    if text.kind == "teaser":
        return f"the shorter text stands in the longer to {text.share * 100:.0f} %"
    return f"texts agree in {text.share * 100:.0f} %"


def _apart(one: date | None, other: date | None, by: timedelta) -> bool:
    return bool(one and other and abs(one - other) > by)


def _places_apart(one: Side, other: Side) -> bool:
    """Whether both name where they are, by postcode, and it is not one place."""
    a, b = one.known, other.known
    return bool(a.districts and b.districts and not a.districts & b.districts)


def _one_advert_in_several_places(one: Side, other: Side, text: TextAgreement) -> bool:
    """A national employer's one advert shown in each of its places: the same in everything else, to the letter.

    Schools and trusts that run several use one wording for a vacancy at each; there the place tells them apart.
    """
    a, b = one.advert, other.advert
    return (
        text.kind == "verbatim"
        and not _has_sites(one.known.employer.words)
        and compare_pay(one.known.money, other.known.money) == "same"
        and a.closes_on is not None
        and a.closes_on == b.closes_on
        and not _apart(a.posted_on, b.posted_on, _AWHILE)
    )


def _has_sites(words: tuple[str, ...]) -> bool:
    return any(
        word.startswith(
            ("school", "academ", "education", "learn", "nurser", "federation", "primary", "college", "librar")
        )
        for word in words
    )
