"""The library: what boroughs can learn from each other, and what happens when."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, GssCode, Model, Moment, State
from loti_contracts.events.topics import LIBRARY
from loti_contracts.vocabulary import Level

ItemKind = Literal[
    "job description",
    "team structure",
    "case study",
    "training",
    "apprenticeship",
    "challenge",
    "event",
]


class Happening(Model):
    """When and where an event takes place."""

    starts_at: Moment
    ends_at: Moment
    place: Annotated[str | None, Field(max_length=300, description="Null: online alone.")] = None
    online: Annotated[str | None, Field(max_length=2_000, description="The address to join at.")] = None


class LibraryItem(State):
    """Something worth reading, or an event to come to. Only what was reviewed is published."""

    kind: ItemKind
    status: Literal["published", "retired"]
    title: Annotated[str, Field(min_length=1, max_length=300)]
    summary: Annotated[str, Field(max_length=2_000, description="Plain text, a paragraph or two.")]
    link: Annotated[str | None, Field(max_length=2_000, description="Where it can be read in full.")] = None
    families: tuple[str, ...] = ()
    standard_roles: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    boroughs: Annotated[tuple[GssCode, ...], Field(description="Whose it is; empty: everybody's.")] = ()
    happening: Annotated[Happening | None, Field(description="Of an event; null for all else.")] = None
    published_at: Moment
    retired_at: Moment | None = None


class _AboutItem(Event):
    topic: ClassVar[str] = LIBRARY.name
    about: ClassVar[str] = "item"
    item: LibraryItem


class ItemPublished(_AboutItem):
    """An item can be read, or reads differently now."""

    type: ClassVar[str] = "london.loti.library-item.published.v1"


class ItemRetired(_AboutItem):
    """An item should not be used any more; an event is over or called off."""

    type: ClassVar[str] = "london.loti.library-item.retired.v1"
