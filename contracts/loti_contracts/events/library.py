"""The library: what boroughs can learn from each other, and what happens when."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Moment, State
from loti_contracts.events.library_content import Content, ItemKind
from loti_contracts.events.topics import LIBRARY


class LibraryItem(Content, State):
    """Something worth reading, or an event to come to. Only what was reviewed is published."""

    kind: ItemKind
    status: Literal["published", "retired"]
    version: Annotated[
        int | None,
        Field(ge=1, description="Counts up with each reviewed change of what it says; null: not counted."),
    ] = None
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
