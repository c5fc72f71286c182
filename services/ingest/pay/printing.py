"""Undo what boards, feeds and copying do to a text before anybody reads it."""

import re
from typing import Final

LONGEST: Final = 800
"""Characters read with full care. A salary line is under 600; of a whole advert only the parts near money are kept."""

_BROKEN: Final = {
    "&amp;": "&", "&pound;": "£", "&#163;": "£", "&#xa3;": "£", "&#xA3;": "£", "&euro;": "€", "&#8364;": "€",
    "&dollar;": "$", "&ndash;": "-", "&mdash;": "-", "&#8211;": "-", "&#8212;": "-", "&#x2013;": "-", "&minus;": "-",
    "&nbsp;": " ", "&#160;": " ", "&#xa0;": " ", "&rsquo;": "'", "&#39;": "'", "&quot;": '"', "&thinsp;": " ",
    "&plus;": "+", "&comma;": ",", "&lt;": "<", "&gt;": ">",
    "Ã‚Â£": "£", "Â£": "£", "Ã‚": "", "â‚¬": "€", "â€“": "-", "â€”": "-", "â€‘": "-", "â€™": "'", "â€‹": "",
    "â\x80\x93": "-", "â\x80\x94": "-", "Â\xa0": " ", "Â ": " ",
}  # fmt: skip
_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
        ),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("￡₤", "£"),
        **dict.fromkeys("，‚", ","),
        **dict.fromkeys("•·", "|"),
        "\u00c2": None,
    }
)
_LOST_SIGN: Final = re.compile(r"\ufffd(?=\s?[0-9])(?<![0-9]\ufffd)(?<![0-9] \ufffd)")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SPACES: Final = re.compile(r"\s+")
_MONEY: Final = ("£", "&pound", "&#163", "GBP", "gbp", "SCP", "scp", "\ufffd")
_BEFORE, _AFTER = 110, 170
_SIGNS: Final = 12
"""Places of each sign of money that are looked at in a long text."""


def tidy(text: str) -> str:
    """The text on one line with plain dashes, spaces and pound signs; at most `LONGEST` characters of it."""
    text = near_money(text) if len(text) > LONGEST else text
    if "&" in text or "Â" in text or "â" in text or "Ã" in text:
        for broken, meant in _BROKEN.items():
            text = text.replace(broken, meant)
    text = _LOST_SIGN.sub("£", text.translate(_LETTERS)).replace("\ufffd", "-")
    if "<" in text:
        text = _TAG.sub(" ", text)
    return _SPACES.sub(" ", text).strip()


def lower_case(text: str) -> str:
    """The text in lower case, letter for letter, so that a place in one is the same place in the other."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


def near_money(text: str) -> str:
    """The parts of a long text around its first signs of money, in order; its beginning where it shows none."""
    parts: list[str] = []
    kept = reached = 0
    for place in sorted(place for sign in _MONEY for place in _places(text, sign)):
        if place + _AFTER // 2 < reached:
            continue
        start, end = max(reached, place - _BEFORE), min(len(text), place + _AFTER)
        if kept + end - start > LONGEST:
            break
        parts.append(text[start:end] if start == reached else f" | {text[start:end]}")
        kept, reached = kept + end - start, end
    return "".join(parts) or text[:LONGEST]


def _places(text: str, sign: str) -> list[int]:
    """Where a sign of money stands, every further one beyond what the last already keeps."""
    places: list[int] = []
    place = text.find(sign)
    while place >= 0 and len(places) < _SIGNS:
        places.append(place)
        place = text.find(sign, place + _AFTER // 2)
    return places
