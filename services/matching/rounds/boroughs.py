"""Whose somebody is: one of the 33 authorities, however it is written, or another organisation that was named.

Two spellings of one borough must never pass as two, or people would be paired within it. So a text that is nearly an
authority's name is refused, unless whoever runs the round names it among the other organisations; any other text is an
organisation, compared as it is written, apart from case and punctuation.
"""

import re
from collections.abc import Iterable, Mapping, MutableMapping
from difflib import get_close_matches
from functools import cache

from loti_contracts.vocabulary import authorities

_FILLING = frozenset(
    [
        "the",
        "london",
        "royal",
        "borough",
        "boroughs",
        "council",
        "lb",
        "rb",
        "city",
        "of",
        "upon",
        "on",
        "thames",
    ]
)
_ALSO = {
    "rbkc": "Kensington and Chelsea",
    "rbk": "Kingston upon Thames",
    "rbg": "Greenwich",
    "lbbd": "Barking and Dagenham",
    "lbhf": "Hammersmith and Fulham",
    "lbrut": "Richmond upon Thames",
    "lbth": "Tower Hamlets",
    "lbwf": "Waltham Forest",
    "wcc": "Westminster",
}
_THE_CITY = "city of london"


_LIKE_A_CODE = re.compile(r"[EKNSWJ]\d{8}", re.IGNORECASE)


class NotABorough(ValueError):
    """A text that may be meant for one of the 33 authorities and is none; the text says what was expected."""


def read_borough(said: str, others: MutableMapping[str, str]) -> str:
    """The GSS code of an authority, or the name of another organisation: as `others` has it (see `organisations`), to
    which one that is new is added as first written.

    Raises NotABorough.
    """
    plain = _plain(said)
    if said.strip().upper() in authorities():
        return said.strip().upper()
    code = _codes().get(_bare(plain)) or _codes().get(plain)
    if code:
        return code
    if plain in others:
        return others[plain]
    near = get_close_matches(_bare(plain), _codes(), n=1, cutoff=0.75)
    if not near and _bare(plain) and not _LIKE_A_CODE.fullmatch(said.strip()):
        return others.setdefault(plain, " ".join(said.split()))
    meant = f" (perhaps {authorities()[_codes()[near[0]]].name}?)" if near else ""
    raise NotABorough(
        f"one of the 33 London authorities by name or GSS code{meant}; an organisation of such a name is named with --also"
    )


def organisations(names: Iterable[str]) -> dict[str, str]:
    """Other organisations, by the form in which they are compared. Raises NotABorough for an authority's name."""
    found: dict[str, str] = {}
    for name in names:
        plain = _plain(name)
        if plain in _codes() or _bare(plain) in _codes() or name.strip().upper() in authorities():
            raise NotABorough(f"{name} is a London authority already; --also names other organisations")
        found[plain] = " ".join(name.split())
    return found


def _plain(said: str) -> str:
    words = re.sub(r"[^\w\s]", " ", said.casefold().replace("&", " and ").replace("'", ""))
    return " ".join(words.split())


def _bare(plain: str) -> str:
    """Without the words around a borough's name; of the City of London only such words would be left."""
    words = plain.split()
    left = [word for word in words if word not in _FILLING]
    if not left and {"city", "london"} <= set(words):
        return _THE_CITY
    return " ".join(left)


@cache
def _codes() -> Mapping[str, str]:
    """Every authority's code by the bare form of its names."""
    names = {one.name: one.gss for one in authorities().values()}
    found = {_bare(_plain(name)): gss for name, gss in names.items()}
    found.update({short: names[name] for short, name in _ALSO.items()})
    return found
