"""What came of an introduction, as one of the two tells it. Pure."""

from collections.abc import Collection
from typing import cast

from loti_contracts.events import Result
from services.portal.help.asking import LONGEST_NOTE
from services.portal.help.kinds import HELP
from services.portal.help.standing import Known, last_outcome
from services.portal.help.values import Fault, Reading, Values


def read(known: Known, values: Values) -> tuple[Result | None, str | None, tuple[Fault, ...]]:
    """The result and the note, or what is wrong with them."""
    form = Reading(values)
    allowed: Collection[str] = HELP[known.request.kind].results
    result = form.choice("result", allowed, what="what came of it")
    note = form.short("note", what="The note", most=LONGEST_NOTE)
    if result is None and not form.faults:
        form.wrong("result", "Choose what came of it")
    return cast(Result | None, result), note, tuple(form.faults)


def values_of(known: Known) -> Values:
    """What was told last, as the form shows it."""
    last = last_outcome(known)
    return {"result": (last.result,), "note": (last.note or "",)} if last else {}


def is_news(known: Known, result: Result, note: str | None) -> bool:
    """Whether this says something that was not said before."""
    last = last_outcome(known)
    return last is None or (last.result, last.note) != (result, note)
