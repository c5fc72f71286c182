"""Words that a borough's person took back, or that were taken back because the person is erased. Pure.

A request that is stated again without its note, and is otherwise the same, is not stated anew: nobody is looked for
because of it, and what was declined stays so.
"""

from dataclasses import replace

from loti_contracts.events import Request
from services.matching.cases import Case, next_revision


def taken_back(before: Request | None, now: Request) -> bool:
    """Whether a request is as it was, but for its note."""
    if before is None or before.note is None or now.note is not None:
        return False
    return before.model_copy(update={"note": None, "revision": now.revision}) == now


def without_words(case: Case, *, before: int) -> Case:
    """The case after that: what held for the revision before holds for this one, and its match has no note.

    The match gets a new revision only if it had one; else it is the same.
    """
    now, match = case.request.revision, case.match
    if match is not None and match.note is not None:
        match = match.model_copy(update={"note": None, "revision": next_revision(case)})
    place = case.place
    if place is not None and place.request_revision == before:
        place = replace(place, request_revision=now)
    return replace(
        case,
        match=match,
        place=place,
        settled_revision=now if case.settled_revision == before else case.settled_revision,
        said_revision=now if case.said_revision == before else case.said_revision,
    )
