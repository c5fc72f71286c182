"""What notify says, and how it is had again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.recovery import Recovery
from loti_contracts.events import Edition, EditionPublished, Event, SubscriptionsChanged, SubscriptionsErased
from loti_contracts.events.topics import EDITIONS, NOTIFICATIONS, SUBSCRIPTIONS
from services.notify.people import choices
from services.notify.people.address_keys import hash_keys
from services.notify.recovery.adopting import adopt
from services.notify.recovery.hearing import hear
from services.notify.recovery.settling import settle
from services.notify.sending import ledger
from services.notify.settings import NotifySettings

_queries = queries_beside(__file__)


async def restate(tx: Connection) -> AsyncIterator[Event]:
    """What every contact chose, who was erased, every newsletter, and what was told for as long as its topic keeps it."""
    async for row in _queries.every_choice(tx):
        yield SubscriptionsChanged(subscriptions=choices.read(row).said)
    async for row in _queries.every_erased(tx):
        yield SubscriptionsErased(contact_id=row["id"])
    async for row in _queries.every_edition(tx):
        yield EditionPublished(edition=Edition.model_validate_json(row["state"]))
    kept = NOTIFICATIONS.keep_for
    assert kept is not None  # noqa: S101 - it is a record, and no table
    async for row in _queries.every_notification(tx, since=datetime.now(UTC) - kept):
        yield ledger.event_of(row)


def recovery(settings: NotifySettings) -> Recovery:
    """With these keys of addresses, and for as long as a yes counts. Raises NoKeys."""
    terms = choices.terms_of(settings)
    return Recovery(
        says=(SUBSCRIPTIONS, EDITIONS, NOTIFICATIONS),
        adopt=partial(adopt, terms=terms),
        restate=restate,
        hear=partial(hear, keys=hash_keys(settings.link_keys.get_secret_value()), terms=terms),
        settle=settle,
        compared={
            # A note that was taken out is null or not there, as the erasure or the trigger came first.
            "thing": "SELECT kind, id, revision, current, jsonb_strip_nulls(state) AS state, event_id, correlation_id"
            " FROM thing",
        },
    )
