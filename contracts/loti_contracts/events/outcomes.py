"""Outcomes: what people say came of an introduction."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Moment, State
from loti_contracts.events.topics import OUTCOMES

Result = Literal["hired", "mentored", "placed", "enrolled", "advised", "ongoing", "nothing"]


class Outcome(State):
    """What came of an introduction. Its `id` is the id of the match.

    `ongoing` is news, but no end; `nothing` is an end without success; the others are successes.
    """

    result: Result
    note: Annotated[str | None, Field(max_length=2_000, description="No names of people.")] = None
    stated_at: Moment


class OutcomeStated(Event):
    """Somebody said what came of an introduction."""

    type: ClassVar[str] = "london.loti.outcome.stated.v1"
    topic: ClassVar[str] = OUTCOMES.name
    about: ClassVar[str] = "outcome"
    outcome: Outcome
