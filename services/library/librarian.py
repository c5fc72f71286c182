"""Changing the library: what handlers, the clock and the commands do with items, drafts and gaps.

Everything here happens in a transaction of the caller's, after `begin`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    Draft,
    DraftChanged,
    Event,
    ExemplarFound,
    ExemplarMissing,
    ItemPublished,
    ItemRetired,
    LibraryItem,
    Review,
)
from services.library import drafting, gap_store, gaps, reviewing, store
from services.library.assembling.drafts import key_of_draft
from services.library.causes import NO_CAUSE, Cause
from services.library.contents import changed
from services.library.gaps import Key
from services.library.rules import Rules

_log = structlog.get_logger("library")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _log_it(fact: str, **more: object) -> None:
    _log.info(fact, **more)


@dataclass(frozen=True, slots=True)
class Librarian:
    """Changes the library by its rules, and says what changed."""

    rules: Rules = field(default_factory=Rules)
    clock: Callable[[], datetime] = _utc_now
    note: Callable[..., None] = _log_it
    """Where facts are logged; a command has nothing to log, it prints."""

    async def begin(self, tx: Connection) -> None:
        """Hold everyone else until `tx` ends."""
        await store.one_at_a_time(tx)

    async def review(self, tx: Connection, draft: Draft, review: Review, *, cause: Cause = NO_CAUSE) -> Draft:
        """Do what a review says, if it can be done; the draft as it is then."""
        item = await store.load_item(tx, draft.item_id)
        after = reviewing.reviewed(draft, review, item, now=self.clock())
        await self.keep_draft(tx, draft, after.draft, cause=cause)
        if after.item is not None:
            await self.keep_item(tx, item, after.item, cause=cause)
        if draft.origin == "assembled":
            await self.look(tx, {key_of_draft(draft): cause})
        return after.draft

    async def retire(self, tx: Connection, item_id: str, *, cause: Cause = NO_CAUSE) -> LibraryItem:
        """Take an item out of use. Raises NothingToRetire."""
        item = await store.load_item(tx, item_id)
        after = reviewing.retired(item, item_id, now=self.clock())
        await self.keep_item(tx, item, after, cause=cause)
        return after

    async def keep_draft(
        self, tx: Connection, before: Draft | None, after: Draft, *, heard: int = 0, cause: Cause = NO_CAUSE
    ) -> None:
        """Keep a draft as it is now, and say so."""
        await store.save_draft(tx, after, heard=heard)
        await self._say(tx, DraftChanged(draft=after, changed=changed(before, after)), cause=cause)
        self.note("draft_changed", draft_id=after.id, revision=after.revision, status=after.status)

    async def keep_item(
        self, tx: Connection, before: LibraryItem | None, after: LibraryItem, *, cause: Cause = NO_CAUSE
    ) -> None:
        """Keep an item as it is now, say so, and look again at what follows."""
        await store.save_item(tx, after)
        event = ItemPublished if after.status == "published" else ItemRetired
        await self._say(tx, event(item=after, changed=changed(before, after)), cause=cause)
        self.note("item_said", item_id=after.id, revision=after.revision, status=after.status)
        await self.after_item(tx, before, after, cause=cause)

    async def after_item(
        self, tx: Connection, before: LibraryItem | None, after: LibraryItem, *, cause: Cause = NO_CAUSE
    ) -> None:
        """What an item's change means for drafts of it and for the gaps of its roles."""
        described = [one for one in (before, after) if one and one.kind == "job description"]
        roles = {role for one in described for role in one.standard_roles}
        if roles:
            keys = await gap_store.keys_of_roles(tx, roles)
            await self.look(tx, dict.fromkeys(keys, cause))
        if after.status == "published":
            for draft in await store.waiting_drafts_of(tx, after.id):
                await self.keep_draft(tx, draft, drafting.overtaken(draft, after), cause=cause)

    async def look(self, tx: Connection, causes: Mapping[Key, Cause]) -> None:
        """Look again at whether these roles and levels have an exemplar, and say what is new, each with its cause."""
        wanted = sorted(causes, key=lambda key: key.id)
        if not wanted:
            return
        now = self.clock()
        known = await gap_store.load_gaps(tx, wanted)
        adverts = await gap_store.open_adverts(tx, wanted)
        items = await store.exemplars(tx, {key.standard_role for key in wanted})
        for key in wanted:
            before, draft_id, cause = known[key].gap, known[key].draft_id, causes[key]
            exemplar = gaps.exemplar_of(key, items, now=now, rules=self.rules)
            if draft_id and exemplar.item and not exemplar.old:
                await self._supersede(tx, draft_id, exemplar.item, cause=cause)
                draft_id = None
            after = gaps.gap(key, before, adverts[key], exemplar, draft_id=draft_id, now=now)
            new = gaps.worth_saying(before, after)
            if new:
                event = ExemplarFound if after.status == "covered" else ExemplarMissing
                await self._say(tx, event(gap=after, changed=changed(before, after)), cause=cause)
            kept = after if new or before is None else before
            to_assemble = after.status != "covered"
            await gap_store.save_gap(
                tx, key, kept, said=new or before is not None, to_assemble=to_assemble, cause=cause
            )

    async def _say(self, tx: Connection, event: Event, *, cause: Cause) -> None:
        await outbox.add(tx, event, correlation_id=cause.correlation_id, causation_id=cause.causation_id)

    async def _supersede(self, tx: Connection, draft_id: str, item: LibraryItem, *, cause: Cause) -> None:
        draft, _ = await store.load_draft(tx, draft_id)
        if draft is None or draft.status != "waiting":
            return
        after = draft.model_copy(
            update={
                "revision": draft.revision + 1,
                "status": "superseded",
                "why": f"The exemplar “{item.title}” ({item.id}) stands in its place.",
            }
        )
        await self.keep_draft(tx, draft, after, cause=cause)
