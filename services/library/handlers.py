"""What the library does when it hears of roles, offers, reviews, and items that others stated."""

from collections.abc import Sequence
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.forgotten_letters import take_back_in_letters
from loti_contracts.delivery.handlers import followed, in_hand
from loti_contracts.events import (
    ContributionStated,
    Envelope,
    Event,
    ItemPublished,
    ItemRetired,
    ReviewStated,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
)
from services.library import adopting, drafting, gap_store, reviewing, store
from services.library.adverts import key_of
from services.library.causes import Cause, cause_of
from services.library.gaps import Key
from services.library.librarian import Librarian

ABOUT_ROLES = (RoleDiscovered, RoleReadvertised, RoleChanged, RoleClosed)
HANDLES: frozenset[type[Event]] = frozenset(
    {*ABOUT_ROLES, ContributionStated, ReviewStated, ItemPublished, ItemRetired}
)


class Handlers:
    """The handlers, for one librarian."""

    def __init__(self, librarian: Librarian) -> None:
        self._librarian = librarian

    async def on_events(self, heard: Sequence[Envelope[Any]], tx: Connection) -> None:
        """Roles all at once and last: a gap is looked at once for all of them, and after the exemplars that came along.
        Everything else one by one."""
        await self._librarian.begin(tx)
        for envelope in heard:
            in_hand.set(envelope.id)
            with followed(envelope):
                if isinstance(envelope.event, ContributionStated):
                    await self._on_contribution_stated(envelope, tx)
                elif isinstance(envelope.event, ReviewStated):
                    await self._on_review_stated(envelope, tx)
                elif isinstance(envelope.event, (ItemPublished, ItemRetired)):
                    await self._on_item_stated(envelope, tx)
        in_hand.set(None)
        await self._on_roles([one for one in heard if isinstance(one.event, ABOUT_ROLES)], tx)

    async def _on_roles(self, heard: Sequence[Envelope[Any]], tx: Connection) -> None:
        """Keep the adverts, and look at the gaps of what they advertise now and advertised before."""
        known = await gap_store.load_roles(tx, [one.event.role.id for one in heard])
        newest: dict[str, Role] = {}
        causes: dict[Key, Cause] = {}
        for one in heard:
            role: Role = one.event.role
            revision, before = known.get(role.id, (0, None))
            if role.revision <= revision:
                continue
            after = key_of(role)
            known[role.id] = (role.revision, after)
            newest[role.id] = role
            causes |= {key: cause_of(one) for key in (before, after) if key is not None}
        await gap_store.save_roles(tx, list(newest.values()))
        await self._librarian.look(tx, causes)

    async def _on_contribution_stated(self, envelope: Envelope[ContributionStated], tx: Connection) -> None:
        """An offer becomes a draft, or changes or withdraws it."""
        contribution = envelope.event.contribution
        before, heard = await store.load_draft(tx, contribution.id)
        if contribution.revision <= heard:
            return
        if before is not None and before.origin == "assembled":
            raise Park(f"{contribution.id} is an assembled draft of the library; offer it under another id")
        item = await store.load_item(tx, contribution.item_id)
        after = drafting.offered(before, contribution, item, now=self._librarian.clock())
        if after is None:
            return
        await self._librarian.keep_draft(
            tx, before, after, heard=contribution.revision, cause=cause_of(envelope)
        )
        if contribution.status == "withdrawn":
            await take_back_in_letters(tx, envelope.event)

    async def _on_review_stated(self, envelope: Envelope[ReviewStated], tx: Connection) -> None:
        """Publish or return a draft, or retire an item."""
        review = envelope.event.review
        takes_back = bool(envelope.event.changed) and set(envelope.event.changed) <= {"why", "content"}
        known = takes_back and await store.review_known(tx, review)
        if not await store.claim_review(tx, review):
            return
        if known:
            await self._take_back_words(envelope, tx)
            return
        if review.draft_id is None:
            await self._retire(envelope, tx)
            return
        draft, _ = await store.load_draft(tx, review.draft_id)
        if draft is None:
            raise Park(
                f"there is no draft {review.draft_id}; correct draft_id, or replay this once it is there"
            )
        await self._librarian.review(tx, draft, review, cause=cause_of(envelope))

    async def _take_back_words(self, envelope: Envelope[ReviewStated], tx: Connection) -> None:
        """Stated again without what the reviewer wrote, a review changes nothing else."""
        review = envelope.event.review
        draft = (await store.load_draft(tx, review.draft_id))[0] if review.draft_id else None
        after = drafting.without_reviewers_words(draft, review) if draft else None
        if after is not None:
            await self._librarian.keep_draft(tx, draft, after, cause=cause_of(envelope))
        await take_back_in_letters(tx, envelope.event)

    async def _retire(self, envelope: Envelope[ReviewStated], tx: Connection) -> None:
        review = envelope.event.review
        if review.verdict != "retire" or review.item_id is None:
            raise Park(
                f"the review says {review.verdict!r} without a draft_id; name the draft, or the item_id to retire"
            )
        item = await store.load_item(tx, review.item_id)
        if item is not None and item.status == "retired":
            return
        try:
            await self._librarian.retire(tx, review.item_id, cause=cause_of(envelope))
        except reviewing.NothingToRetire as error:
            raise Park(f"{error}; correct item_id, or replay this once the item is there") from error

    async def _on_item_stated(self, envelope: Envelope[ItemPublished | ItemRetired], tx: Connection) -> None:
        """Adopt an item that somebody stated; what the library itself said comes back and changes nothing."""
        stated = envelope.event.item
        known = await store.load_item(tx, stated.id)
        said_before = await store.load_item_revision(tx, stated.id, stated.revision)
        after = adopting.adopted(known, stated, said_before)
        if after is None:
            return
        if after.say_again:
            await self._librarian.keep_item(tx, known, after.item, cause=cause_of(envelope))
            return
        await store.save_item(tx, after.item)
        await self._librarian.after_item(tx, known, after.item, cause=cause_of(envelope))
