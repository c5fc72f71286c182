"""Whether a reading of a board is plausible, and whether an advert's own page bears out that it has gone.

Two authorities close a role: the board's list, read completely and plausibly, and the advert's own page. What the
list says is held against the median of its recent complete readings, and against how many roles may go at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

RECENT: Final = 9
"""How many believed complete readings are remembered."""

BELIEVABLE_DROP: Final = 0.3
"""Of the median of recent readings' postings; what lost more is doubted."""

BELIEVABLE_LOSS: Final = 0.3
"""Of the open roles, gone from the list at once; more is doubted."""

FEW: Final = 3
"""Losing up to this many postings, or roles, is plausible on a board of any size, unless nothing at all is left."""

DOUBTS_BEFORE_BELIEVED: Final = 3

Witness = Literal["shown", "gone", "silent", "unreached"]
"""What an advert's own page says: the advert is there; it is not (404, 410, or in words); neither; or the page could
not be had."""

_SAYS_GONE: Final = re.compile(
    r"\b(?:no longer (?:available|accepting|open|live|advertised)|(?:vacancy|job|advert|role|post|position) "
    r"(?:has|is|was)(?: now| been){0,2} (?:closed|expired|filled|withdrawn|removed)|applications (?:are|have) (?:now )?closed)\b"
)
_TAGS: Final = re.compile(r"<[^<>]{0,2000}>")
_PAGE_READ: Final = 400_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reading may be used for.

    `believed`: whether absence from it counts. `whole`: whether the board was read completely. `doubts`: how many
    doubted readings in a row there are with this one. `recent`: the numbers of postings to hold the next one against.
    """

    believed: bool
    whole: bool
    why: str | None
    doubts: int
    recent: tuple[int, ...]


def judge(
    *, whole: bool, postings: int, vanished: int, open_roles: int, recent: Sequence[int], doubts: int
) -> Verdict:
    """Judge one reading.

    `postings` were on the board, digital or not; `vanished` of the `open_roles` are missing from it for the first
    time; `recent` and `doubts` are those of the verdict before. An incomplete reading adds no doubt; where even so it
    lists what is usual, it ends those there were.
    """
    doubt = _implausible(postings, vanished, open_roles, recent)
    if not whole:
        return Verdict(
            False, False, "the board was not read completely", doubts if doubt else 0, tuple(recent)
        )
    if doubt is None:
        return Verdict(True, True, None, 0, (*recent, postings)[-RECENT:])
    # Once a loss was believed, counting starts anew: what vanishes then was never doubted.
    doubts = 1 if doubts >= DOUBTS_BEFORE_BELIEVED else doubts + 1
    if doubts < DOUBTS_BEFORE_BELIEVED:
        return Verdict(False, True, doubt, doubts, tuple(recent))
    return Verdict(
        True, True, f"{doubt}; {doubts} readings in a row say so, and are believed", doubts, (postings,)
    )


def _implausible(postings: int, vanished: int, open_roles: int, recent: Sequence[int]) -> str | None:
    usual = median(recent) if recent else 0
    if usual and not postings:
        return f"nothing is listed, where {usual:g} postings are usual"
    if usual - postings > FEW and postings < usual * (1 - BELIEVABLE_DROP):
        return f"{postings} postings are listed, where {usual:g} are usual"
    if vanished > max(FEW, open_roles * BELIEVABLE_LOSS):
        return f"{vanished} of {open_roles} open roles are gone at once"
    return None


def page_says(title: str, page: bytes) -> Witness:
    """What an advert's page, as it was answered with status 200, says of the advert of that title."""
    said = _words(_TAGS.sub(" ", page[:_PAGE_READ].decode("utf-8", errors="replace")))
    if _SAYS_GONE.search(said):
        return "gone"
    return "shown" if f" {_words(title)} " in f" {said} " else "silent"


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
