"""Sources: the jobs boards that are watched, and whether they can be read."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Moment, State
from loti_contracts.events.roles import AuthorityNamed
from loti_contracts.events.topics import SOURCES


class SourceState(State):
    """A board that stopped being readable at least once. One that always could be read is not spoken of."""

    status: Literal["failing", "working"]
    name: str
    kind: Annotated[str, Field(description="How the board publishes: rss, jsonld, …")]
    authorities: Annotated[tuple[AuthorityNamed, ...], Field(description="Whose board it is.")] = ()
    last_good_at: Annotated[
        Moment | None, Field(description="When it was last read completely and believed; null for never.")
    ] = None
    failures: Annotated[int, Field(ge=0, description="How many polls in a row failed.")]
    why: Annotated[str, Field(description="What is wrong, or how it is well again, in words.")]
    at: Annotated[Moment, Field(description="When this was found.")]


class _AboutSource(Event):
    topic: ClassVar[str] = SOURCES.name
    about: ClassVar[str] = "source"
    source: SourceState


class SourceFailing(_AboutSource):
    """A board failed three times in a row, or was not read completely for a day. Its roles stay as they are."""

    type: ClassVar[str] = "london.loti.source.failing.v1"


class SourceRecovered(_AboutSource):
    """A board that was failing has been read completely again."""

    type: ClassVar[str] = "london.loti.source.recovered.v1"
