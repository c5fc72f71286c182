"""Drafts: what may become part of the library once somebody has reviewed it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Identifier, Moment, State
from loti_contracts.events.library_content import Content, ItemKind
from loti_contracts.events.topics import CONTRIBUTIONS, DRAFTS, REVIEWS


class Contribution(State):
    """What somebody offers to the library: a new item, or a new version of one. It waits for a review."""

    item_id: Annotated[Identifier, Field(description="The item that it begins or changes.")]
    kind: ItemKind
    status: Literal["offered", "withdrawn"] = "offered"
    content: Content
    contact_id: Annotated[Identifier, Field(description="Who offers it.")]
    note: Annotated[str | None, Field(max_length=2_000, description="To the reviewer.")] = None
    stated_at: Moment


class Draft(State):
    """What waits for a review, or waited. The id is the contribution's, or was made for an assembled draft."""

    item_id: Annotated[Identifier, Field(description="The item that it begins or changes.")]
    kind: ItemKind
    origin: Annotated[
        Literal["contributed", "assembled"],
        Field(description="Assembled: by the library, of what several adverts have in common."),
    ]
    status: Annotated[
        Literal["waiting", "published", "returned", "withdrawn", "superseded"],
        Field(description="Superseded: a newer draft or item stands in its place."),
    ]
    content: Content
    contact_id: Annotated[Identifier | None, Field(description="Who offered it; null: nobody did.")] = None
    note: Annotated[str | None, Field(max_length=2_000, description="Of the one who offered it.")] = None
    why: Annotated[
        str | None, Field(max_length=2_000, description="What the reviewer says, or why it could not be.")
    ] = None
    made_at: Moment
    reviewed_at: Moment | None = None


class Review(State):
    """What a reviewer says to a draft, or that an item is to be retired."""

    draft_id: Annotated[Identifier | None, Field(description="Of the draft; null to retire an item.")] = None
    draft_revision: Annotated[
        int | None, Field(ge=1, description="The draft as the reviewer saw it; a newer one is not touched.")
    ] = None
    item_id: Annotated[Identifier | None, Field(description="Of the item to retire.")] = None
    verdict: Literal["publish", "return", "retire"]
    content: Annotated[
        Content | None, Field(description="As the reviewer mended it; null: as it was offered.")
    ] = None
    why: Annotated[str | None, Field(max_length=2_000, description="For the one who offered it.")] = None
    contact_id: Annotated[Identifier, Field(description="Who reviews.")]
    stated_at: Moment


class ContributionStated(Event):
    """Somebody offered something to the library, changed the offer, or withdrew it."""

    type: ClassVar[str] = "london.loti.contribution.stated.v1"
    topic: ClassVar[str] = CONTRIBUTIONS.name
    about: ClassVar[str] = "contribution"
    contribution: Contribution


class ReviewStated(Event):
    """A reviewer published or returned a draft, or retired an item."""

    type: ClassVar[str] = "london.loti.review.stated.v1"
    topic: ClassVar[str] = REVIEWS.name
    about: ClassVar[str] = "review"
    review: Review


class DraftChanged(Event):
    """A draft waits for a review, reads differently, or was dealt with."""

    type: ClassVar[str] = "london.loti.draft.changed.v1"
    topic: ClassVar[str] = DRAFTS.name
    about: ClassVar[str] = "draft"
    draft: Draft
