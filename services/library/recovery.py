"""How the library's tables are had again: items, drafts and gaps from what was said of them; versions of items, adverts, and
what was heard of offers and reviews from their topics. Which draft is assembled of which adverts the clock finds anew.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.recovery import Recovery
from loti_contracts.events import (
    ContributionStated,
    Draft,
    DraftChanged,
    Envelope,
    Event,
    ExemplarFound,
    ExemplarGap,
    ExemplarMissing,
    ItemPublished,
    ItemRetired,
    LibraryItem,
    ReviewStated,
    Role,
)
from loti_contracts.events.topics import DRAFTS, EXEMPLAR_GAPS, LIBRARY
from services.library import adopting, gap_store, store
from services.library.adverts import key_of
from services.library.causes import NO_CAUSE
from services.library.gaps import Key
from services.library.handlers import ABOUT_ROLES, Handlers
from services.library.librarian import Librarian


@dataclass(frozen=True, slots=True)
class Recovering:
    """The parts of it."""

    librarian: Librarian
    handlers: Handlers

    async def adopt(self, said: Sequence[Envelope[Any]], tx: Connection) -> None:
        """Take over what was said of items, drafts and gaps, where it is newer."""
        for one in said:
            event = one.event
            if isinstance(event, (ItemPublished, ItemRetired)):
                await _take_item(tx, event.item)
            elif isinstance(event, DraftChanged):
                known, _ = await store.load_draft(tx, event.draft.id)
                if known is None or known.revision < event.draft.revision:
                    await store.save_draft(tx, event.draft)
            elif isinstance(event, (ExemplarMissing, ExemplarFound)):
                await _take_gap(tx, event.gap)

    async def hear(self, said: Sequence[Envelope[Any]], tx: Connection) -> None:
        """Keep the versions of items and the adverts, and remember which offers and reviews had their effect. An offer of
        which there is no draft has its effect now."""
        await self.librarian.begin(tx)
        for one in said:
            event = one.event
            if isinstance(event, (ItemPublished, ItemRetired)):
                await store.keep_revision(tx, event.item)
                await _take_item(tx, event.item)
            elif isinstance(event, ContributionStated):
                known, _ = await store.load_draft(tx, event.contribution.id)
                if known is None:
                    await self.handlers.on_events([one], tx)
                else:
                    await store.queries.count_heard(
                        tx, id=event.contribution.id, revision=event.contribution.revision
                    )
            elif isinstance(event, ReviewStated):
                await store.claim_review(tx, event.review)
        await _keep_adverts(tx, [one.event.role for one in said if isinstance(one.event, ABOUT_ROLES)])

    async def settle(self, tx: Connection) -> None:
        """Count the versions of what others stated, and look at every gap again."""
        await self.librarian.begin(tx)
        async for row in store.queries.uncounted_items(tx):
            await _count_versions(tx, row["id"])
        keys = [Key(row["standard_role"], row["level"]) async for row in store.queries.every_gap(tx)]
        await self.librarian.look(tx, dict.fromkeys(keys, NO_CAUSE))

    async def restate(self, tx: Connection) -> AsyncIterator[Event]:
        """Every item, every draft, and every gap of which anything was said."""
        async for row in store.queries.every_item(tx):
            item = LibraryItem.model_validate_json(row["state"])
            yield (ItemPublished if item.status == "published" else ItemRetired)(item=item)
        async for row in store.queries.every_draft(tx):
            yield DraftChanged(draft=Draft.model_validate_json(row["state"]))
        async for row in store.queries.every_said_gap(tx):
            gap = ExemplarGap.model_validate_json(row["state"])
            yield (ExemplarFound if gap.status == "covered" else ExemplarMissing)(gap=gap)


def recovery(librarian: Librarian, handlers: Handlers) -> Recovery:
    """For `Service`."""
    parts = Recovering(librarian, handlers)
    return Recovery(
        says=(LIBRARY, DRAFTS, EXEMPLAR_GAPS),
        adopt=parts.adopt,
        restate=parts.restate,
        hear=parts.hear,
        settle=parts.settle,
    )


async def _take_item(tx: Connection, item: LibraryItem) -> None:
    known = await store.load_item(tx, item.id)
    if known is None or known.revision < item.revision:
        await store.save_item(tx, item)


async def _take_gap(tx: Connection, gap: ExemplarGap) -> None:
    key = Key(gap.standard_role, gap.level)
    known = (await gap_store.load_gaps(tx, [key]))[key].gap
    if known is None or known.revision < gap.revision:
        missing = gap.status != "covered"
        await gap_store.save_gap(tx, key, gap, said=True, to_assemble=missing, cause=NO_CAUSE)


async def _keep_adverts(tx: Connection, roles: Sequence[Role]) -> None:
    known = {id_: kept[0] for id_, kept in (await gap_store.load_roles(tx, [it.id for it in roles])).items()}
    newest: dict[str, Role] = {}
    for role in roles:
        key = key_of(role)
        if key is not None:
            await store.queries.know_gap(tx, id=key.id, standard_role=key.standard_role, level=key.level)
        if role.revision > known.get(role.id, 0):
            known[role.id] = role.revision
            newest[role.id] = role
    await gap_store.save_roles(tx, list(newest.values()))


async def _count_versions(tx: Connection, id_: str) -> None:
    """Who states an item need not know its version; it is counted as it was when each was heard."""
    before: LibraryItem | None = None
    for stated, _ in reversed(await store.load_item_revisions(tx, id_)):
        after = adopting.adopted(before, stated, None)
        assert after is not None  # noqa: S101 - their revisions rise
        before = after.item
        await store.save_item(tx, before)
