"""What notify does with what it hears: it writes it down. What follows from it is found in `prepare`."""

from collections.abc import Mapping

from loti_contracts.delivery.batch import Handler
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.events import (
    ContactErased,
    ContactStated,
    Envelope,
    Event,
    MatchAnswered,
    MatchWithdrawn,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
)
from services.notify import introductions, ledger, store


async def on_contact_stated(envelope: Envelope[ContactStated], tx: Connection) -> None:
    """Know a contact, or know it better; it is then told of the open roles that it wants."""
    await store.save_contact(tx, envelope.event.contact, stated_at=envelope.time)


async def on_contact_erased(envelope: Envelope[ContactErased], tx: Connection) -> None:
    """Forget the person. That something was told to somebody stays, by id."""
    await store.erase_contact(tx, envelope.event.contact_id, erased_at=envelope.time)


async def on_role(
    envelope: Envelope[RoleDiscovered | RoleReadvertised | RoleChanged | RoleClosed], tx: Connection
) -> None:
    """Know a role as it is now; who wants it and was not told is told.

    One that is only now read as fitting a subscription is news to its contact, so a change counts too.
    """
    await store.save_role(
        tx, envelope.event.role, event_id=envelope.id, correlation_id=envelope.correlation_id
    )


async def on_match_answered(envelope: Envelope[MatchAnswered], tx: Connection) -> None:
    """Introduce the two whom an accepted match brings together, as soon as both are known."""
    match = envelope.event.match
    if not await store.save_match(tx, match) or match.status != "accepted":
        return
    try:
        two = introductions.introduced(match)
    except introductions.NobodyToIntroduce as error:
        raise Park(f"{error}: matching must state whom it introduces") from error
    await ledger.add_introduction(
        tx, match.id, two, event_id=envelope.id, correlation_id=envelope.correlation_id
    )


async def on_match_withdrawn(envelope: Envelope[MatchWithdrawn], tx: Connection) -> None:
    """Know that a match is withdrawn: an introduction that has not left yet stays here."""
    await store.save_match(tx, envelope.event.match)


HANDLERS: Mapping[type[Event], Handler] = {
    ContactStated: on_contact_stated,
    ContactErased: on_contact_erased,
    RoleDiscovered: on_role,
    RoleReadvertised: on_role,
    RoleChanged: on_role,
    RoleClosed: on_role,
    MatchAnswered: on_match_answered,
    MatchWithdrawn: on_match_withdrawn,
}
