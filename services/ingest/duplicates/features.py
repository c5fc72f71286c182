"""What an advert says once read, kept for as long as it is compared; and its fingerprint, which can be stored."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from services.ingest.duplicates.advert import Advert
from services.ingest.duplicates.employer import Employer, read_employer, without_employer
from services.ingest.duplicates.money import Money, read_money
from services.ingest.duplicates.text import Text, hashed, read_text, simhash
from services.ingest.duplicates.title import Title, read_title, reference_in

_AWAY: Final = frozenset(["london", "greater", "uk", "england"])
_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}\d{1,2}[A-Z]?) ?\d[A-Z]{2}\b|\b([A-Z]{1,2}\d{1,2}[A-Z]?)$")
_PLACE: Final = re.compile(r"[a-z]{3,}")
_PRINTED: Final = re.compile(
    r"\b(?:job|vacancy|post|advert)?\s*(?:ref(?:erence)?|vacancy (?:no|number|id))\b\.?\s*(?:no\.?|number|code)?\s*[:#]\s*"
    r"([A-Za-z0-9][A-Za-z0-9/_.-]{2,20}\d)\b",
    re.IGNORECASE,
)
_WORDS_IN_KEYS: Final = 4
_END: Final = 5
"""Characters of a reference that two boards print alike, where one leaves a prefix away."""
_RUNS_IN_KEYS: Final = 2
_OPENING: Final = 60
"""Words of a text from which its keys are made: a teaser keeps them."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of an advert to find those that could be the same job: small, and the same on every machine.

    `text` is a 64-bit simhash of its runs of words (0 for no text), `whole` a hash of all of them in order (equal
    for word-for-word copies), `title` the job's own words in alphabetic order, `keys` the blocking keys.
    """

    text: int
    whole: int
    title: tuple[str, ...]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Features:
    """An advert as it is compared."""

    title: Title
    employer: Employer
    authorities: frozenset[str]
    money: Money | None
    districts: frozenset[str]
    aside: frozenset[str]
    """Words of the employer, place and board, which its text may write differently."""
    text: Text
    references: frozenset[str]
    keys: frozenset[str]


@lru_cache(maxsize=20_000)
def features(advert: Advert) -> Features:
    """An advert, read. Never raises."""
    number, numberless = reference_in(advert.title[:600])
    bare, named = without_employer(numberless, advert.employer)
    employer = read_employer((advert.employer or named or "")[:600])
    if employer.hidden and named:
        employer = read_employer(named)
    places = frozenset(_PLACE.findall((advert.location or "")[:300].casefold()))
    title = read_title(bare, places | _AWAY | frozenset(employer.words), employer.initials)
    text = read_text(advert.description)
    money = read_money(advert.pay_minimum, advert.pay_maximum, advert.period)
    references = frozenset(filter(None, _references(advert, number)))
    districts = frozenset(a or b for a, b in _POSTCODE.findall((advert.location or "")[:500].upper()))
    names = " ".join(filter(None, (advert.employer, advert.location, advert.source)))
    aside = frozenset(names[:1_000].casefold().replace("-", " ").split())
    authorities = employer.gss or advert.authorities
    keys = frozenset(_keys(advert, title, employer, authorities, money, text, references))
    return Features(title, employer, authorities, money, districts, aside, text, references, keys)


def fingerprint(advert: Advert) -> Fingerprint:
    """What to store beside an advert so that its likes are found. Never raises."""
    known = features(advert)
    return Fingerprint(
        text=simhash(known.text.shingles),
        whole=known.text.whole,
        title=tuple(sorted(known.title.words)),
        keys=known.keys,
    )


def blocking_keys(advert: Advert) -> frozenset[str]:
    """Short keys of which two adverts that could be one job share at least one; a dozen or so, none over 40
    characters. Two adverts without a common key are never judged the same."""
    return features(advert).keys


def _references(advert: Advert, number: str | None) -> Iterator[str]:
    """Letters and digits only, so that `HCK/1234` is `hck-1234`."""
    printed = _PRINTED.findall((advert.description or "")[:5_000])[:3]
    for reference in (advert.reference, number, *printed):
        flat = re.sub(r"^(?:ref(?:erence)?)(?=\W)|[^a-z0-9]", "", (reference or "").casefold()[:60])
        if len(flat) >= 3 and any(character.isdigit() for character in flat):
            yield flat


def _keys(
    advert: Advert,
    title: Title,
    employer: Employer,
    authorities: frozenset[str],
    money: Money | None,
    text: Text,
    references: frozenset[str],
) -> Iterator[str]:
    job = f"{hashed(' '.join(sorted(title.words))):016x}"
    who = sorted(
        chain(employer.gss or advert.authorities, () if employer.hidden else _longest(employer.words))
    )
    start = None if money is None else money.minimum if money.minimum is not None else money.maximum
    pay = None if start is None else f"{start / 100:.0f}"
    closes = advert.closes_on.isoformat() if advert.closes_on else None
    yield from (f"r:{reference[-_END:]}" for reference in references)
    yield from (f"l:{hashed(link):016x}" for link in advert.links[:20])
    yield from (f"t:{job}:{one}" for one in who)
    if closes:
        yield f"c:{job}:{closes}"
    if pay:
        yield f"p:{job}:{pay}"
    if closes and pay:
        yield from (f"o:{one}:{closes}:{pay}" for one in who)
    opening = sorted(
        hashed(f"{a} {b} {c}") for a, b, c in zip(*(text.words[n:_OPENING] for n in range(3)), strict=False)
    )
    for run in opening[:_RUNS_IN_KEYS]:
        yield from (f"x:{run:016x}:{word[:20]}" for word in _longest(title.words))


def _longest(words: tuple[str, ...]) -> list[str]:
    return [word[:20] for word in sorted(set(words), key=lambda word: (-len(word), word))[:_WORDS_IN_KEYS]]
