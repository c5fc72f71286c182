"""Answers: what a borough says to a proposed match."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Identifier, Moment, State
from loti_contracts.events.topics import ANSWERS


class Answer(State):
    """A borough's answer. Its `id` is the id of the match it answers."""

    answer: Literal["accepted", "declined"]
    supporter_id: Annotated[
        Identifier | None, Field(description="Whom of the shortlist the borough chose; null when declined.")
    ] = None
    match_revision: Annotated[
        int | None,
        Field(ge=1, description="Of the shortlist that is answered; null: not said, so the times tell."),
    ] = None
    stated_at: Moment


class AnswerStated(Event):
    """A borough accepted one of the proposed supporters, or declined them all."""

    type: ClassVar[str] = "london.loti.answer.stated.v1"
    topic: ClassVar[str] = ANSWERS.name
    about: ClassVar[str] = "answer"
    answer: Answer
