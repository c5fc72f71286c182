"""What kind of work a title names, without how senior it is, on what terms, in which team and where. Pure."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from loti_contracts.vocabulary import authorities
from services.matching.demand.words import lists, tidy, words_of

_UNSAID: Final = re.compile(
    r"""£[\d,.]+\s*k?                                              # pay
    | \b\d+([.,]\d+)?\s*-?\s*(month|year|week|hour|hr|day|post|wte|fte|x\b)\w*   # 12 months, 37.5 hours, 2 WTEs
    | \b(ref|reference|req|job\s+id|vacancy)\b\.?\s*(no|number|id)?\.?\s*[:#]?\s*[\w/.-]*\d[\w/.-]*   # Ref: LBH/22
    | \b(grade|band|scale|scp|level|range|spine)\s*[:-]?\s*([a-z]{0,3}\d{1,2}[a-z]?|[a-z])\b   # Grade 12, Band 8a
    | \b(po|so|sc|smg|mg|hay|pg|gr|sm)\s?\d{1,2}[a-z]?\b          # PO4, SO2
    | \bfixed[\s-]+term(\s+contract)?\b | \bin\s+residence\b | \b(part|full)[\s-]time\b | \bjob[\s-]share\b
    | \bx\s*\d+\b | \b\d+\s*x\b""",
    re.VERBOSE,
)
_BREAK: Final = re.compile(r"\s[-–—]+|[-–—]+\s|[(),|:;/*\[\]•·]")
_SENTENCE: Final = 4
"""Words of work beyond which a text without a post or craft is no title but a sentence."""
_THING: Final = re.compile(r".*(tion|sion|ment|ing|ity|ance|ence|ic|ism|logy|ship|ture|sis|cy)$")
_WORKER: Final = re.compile(r".{3,}(er|or|ist|yst|ian|ant|ect|eur)$")


@dataclass(frozen=True, slots=True)
class Named:
    """What a title names. `words` are those of the work in order; `head` is the word that says what work it is, None
    where the title names none beyond the domain (a Data Manager); `kind` is the head with the word right
    before it, unless that is one of the domain's."""

    words: tuple[str, ...]
    head: str | None
    kind: tuple[str, ...]
    craft: bool
    """Whether the head is who is wanted (an engineer, a coach), not what an officer or manager is responsible for."""


@lru_cache(maxsize=20_000)
def named(title: str) -> Named:
    """Read a title. Never raises."""
    text = _places().sub(" , ", _UNSAID.sub(" ", tidy(title)))
    parts = [part for part in map(words_of, _BREAK.split(text)) if part]
    work, post = _work_of(parts)
    head = work[-1] if work else None
    if head is None or head in lists()["domain"]:
        return Named(work, None, (), False)
    before = tuple(word for word in work[-2:-1] if word not in lists()["domain"])
    return Named(work, head, (*before, head), not post and _is_person(work))


def is_craft(word: str) -> bool:
    """Whether the word alone tells that it names a worker by the work: an analyst, a designer."""
    return bool(_WORKER.match(word)) and word not in lists()["no_work"] and not _is_rank(word)


def _work_of(parts: list[tuple[str, ...]]) -> tuple[tuple[str, ...], bool]:
    """The words of the part that names the post, and whether a post follows or leads them. A bare craft takes its
    subject from the next part, or an earlier one ("Analyst, Data" and "Engineer (Data)")."""
    at = next((i for i, part in enumerate(parts) if _names_a_post(part)), None)
    if at is None:
        at = next((i for i, part in enumerate(parts) if _stripped(part)), None)
    if at is None:
        return (), False
    work = _stripped(parts[at])
    said = [word for word in parts[at] if word not in lists()["terms"] and word not in lists()["levels"]]
    post = said[-1] in lists()["posts"] or said[0] in ("head", "director")
    if len(work) > 1 or (work and not is_craft(work[0])):
        return work, post
    others = [_stripped(part) for part in (*parts[at + 1 :], *parts[:at])]
    beside = next((words for words in others if words), ())
    return (*beside, *work), post


def _names_a_post(part: tuple[str, ...]) -> bool:
    return any(word in lists()["posts"] or is_craft(word) for word in part)


def _is_person(work: tuple[str, ...]) -> bool:
    """Whether the last word of a title is who is wanted: a coach, a pilot; not a service, not a discovery."""
    head = work[-1]
    short = len(work) <= _SENTENCE and head not in lists()["no_work"]
    return is_craft(head) or (short and not _THING.match(head))


def _is_rank(word: str) -> bool:
    return word in lists()["posts"] or word in lists()["levels"]


def _stripped(part: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in part if not _is_rank(word) and word not in lists()["terms"])


@cache
def _places() -> re.Pattern[str]:
    names = sorted((tidy(authority.name) for authority in authorities().values()), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
