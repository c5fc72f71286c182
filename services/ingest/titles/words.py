"""A title as words: what a person would read through broken encoding, markup, accents and plurals."""

import html
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

LONGEST: Final = 600
"""Characters of a title that are read; nothing longer is a title, and the rest cannot slow the reading."""

_MOJIBAKE: Final = re.compile("â€|Ã.|Â.")
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_WORD: Final = re.compile(r"[a-z0-9]+(?:[+#]+|'[a-z]+)?")
_DOTTED: Final = re.compile(r"\b([a-z])\.([a-z])\.([a-z]\.)?")
_SERVED: Final = re.compile(
    r" to (?:the |our |a )?(?:\w+ ){0,3}(?:chief|director|directors|head|cio|cto|cdio|ciso|executive|slt|ceo)\b"
)
_LETTERS: Final = str.maketrans({"ı": "i", "ß": "ss", "ø": "o", "ł": "l", "’": "'", "‘": "'", "ʼ": "'"})
_JOINING: Final = frozenset(["a", "an", "and", "for", "in", "of", "on", "the", "to", "with"])


def tidy(text: str) -> str:
    """The text in lower case with markup, entities, accents and mis-decoded punctuation undone."""
    text = html.unescape(html.unescape(text[: 2 * LONGEST]))
    if _MOJIBAKE.search(text):
        text = _mended(text)
    text = _TAG.sub(" ", text)[:LONGEST]
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold().translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _DOTTED.sub(lambda dotted: dotted[0].replace(".", "") + " ", plain)


def words(text: str) -> tuple[str, ...]:
    """The words of a title in order, singular, without the little words that only join them."""
    found = (singular(word.removesuffix("'s")) for word in _WORD.findall(tidy(text)))
    return tuple(word for word in found if word not in _JOINING)


def own(title: str) -> str:
    """The job itself, without whom it serves: an "Officer to the Chief Digital Officer" is an officer."""
    served = _SERVED.search(tidy(title))
    return tidy(title)[: served.start()] if served else title


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """A word without its plural s: 'systems' is 'system', 'business' and 'analysis' stay."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def replaced(title: tuple[str, ...], same: Mapping[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
    """The title with each run of words that has a standard spelling put into it, longest run first."""
    longest = max(map(len, same), default=0)
    result: list[str] = []
    at = 0
    while at < len(title):
        for length in range(min(longest, len(title) - at), 0, -1):
            standard = same.get(title[at : at + length])
            if standard is not None:
                result.extend(standard)
                at += length
                break
        else:
            result.append(title[at])
            at += 1
    return tuple(result)


def _mended(text: str) -> str:
    """UTF-8 that was read as Windows-1252, read again; as it was where that fails."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text.replace("â€™", "'").replace("â€“", "-").replace("Â", " ")
