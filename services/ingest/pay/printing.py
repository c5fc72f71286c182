"""Undo what boards, feeds and copying do to a text before anybody reads it."""

import re
from typing import Final

LONGEST: Final = 2_400
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
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
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
_MONEY: Final = re.compile(r"£|&pound;|&#163;|\bGBP|\bSCP", re.IGNORECASE)
_BEFORE, _AFTER = 120, 180


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


def near_money(text: str) -> str:
    """The parts of a long text around its first signs of money, in order; its beginning where it shows none."""
    parts: list[str] = []
    kept = reached = 0
    for sign in _MONEY.finditer(text):
        if sign.start() < reached - _BEFORE:
            continue
        start, end = max(reached, sign.start() - _BEFORE), min(len(text), sign.end() + _AFTER)
        if kept + end - start > LONGEST:
            break
        parts.append(text[start:end] if start == reached else f" | {text[start:end]}")
        kept, reached = kept + end - start, end
    return "".join(parts) or text[:LONGEST]
