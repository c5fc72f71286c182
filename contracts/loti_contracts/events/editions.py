"""Editions: the newsletters that were sent, to be read on a page for ever."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from loti_contracts.events.base import Event, Moment, State
from loti_contracts.events.topics import EDITIONS


class Edition(State):
    """One newsletter as it was sent. It names no reader."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    summary: Annotated[str, Field(max_length=500, description="What a mailbox shows beside the title.")] = ""
    markdown: Annotated[str, Field(max_length=400_000, description="CommonMark without HTML.")]
    since: Annotated[date, Field(description="The first day that it tells of.")]
    until: Annotated[date, Field(description="The last day that it tells of.")]
    link: Annotated[str, Field(description="The page on which it can be read.")]
    sent_at: Annotated[Moment, Field(description="When sending began.")]


class EditionPublished(Event):
    """A newsletter is being sent, and can be read on its page."""

    type: ClassVar[str] = "london.loti.edition.published.v1"
    topic: ClassVar[str] = EDITIONS.name
    about: ClassVar[str] = "edition"
    edition: Edition
