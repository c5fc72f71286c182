"""From a posting to its mail: whose waiting is counted."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Subscription, Subscriptions
from services.notify.mails import Item, Mail
from services.notify.sending.promptness import from_posting
from tests.notify.making import contact, role, signal

FOUND = datetime(2026, 11, 1, 12, tzinfo=UTC)
_moments = st.one_of(st.none(), st.integers(-5_000, 5_000))


def _item(
    *,
    chose: int | None = -60,
    agreed: int | None = -30,
    known: int | None = None,
    held: str | None = None,
    **changes: object,
) -> Item:
    """A vacancy told to whoever chose, agreed and became known here so many seconds after it was found."""
    choice = None
    if chose is not None:
        choice = Subscriptions(
            id="contact-1",
            revision=1,
            status="confirmed",
            subscriptions=(Subscription(topic="new role"),),
            chosen_at=FOUND + timedelta(seconds=chose),
            confirmed_at=None if agreed is None else FOUND + timedelta(seconds=agreed),
        )
    facts = {
        "id": UUID(int=1),
        "kind": "new role",
        "contact_id": "contact-1",
        "contact": contact(),
        "about": role(found_at=FOUND),
        "why": "You asked.",
        "caused_by": "event-1",
        "correlation_id": "thread-1",
        "choice": choice,
        "held": held,
        "known_since": None if known is None else FOUND + timedelta(seconds=known),
    }
    return Item(**facts | changes)  # type: ignore[arg-type]


def _told(*items: Item, after: float = 3.0) -> list[float]:
    return list(from_posting(Mail(UUID(int=9), "digest", 1, 0, items), FOUND + timedelta(seconds=after)))


@given(
    chose=_moments,
    agreed=_moments,
    known=_moments,
    held=st.sampled_from([None, "It waits for the daily digest."]),
)
def test_only_who_was_waiting_at_once_counts(
    chose: int | None, agreed: int | None, known: int | None, held: str | None
) -> None:
    """Who had chosen, agreed and become known before the vacancy was found, and wants to hear at once: it waited from there.
    A digest's reader and a newcomer, who hears of all that is open, say nothing of how quick we are."""
    waited = held is None and chose is not None and agreed is not None and max(chose, agreed, known or 0) <= 0
    assert _told(_item(chose=chose, agreed=agreed, known=known, held=held)) == ([3.0] if waited else [])


def test_each_vacancy_of_a_mail_counts_and_nothing_else() -> None:
    """Two vacancies are two; a pay signal has no posting; a clock that runs ahead makes nobody wait less than nothing."""
    assert _told(_item(), _item(about=role("role-2", found_at=FOUND + timedelta(seconds=1)))) == [3.0, 2.0]
    assert _told(_item(about=signal())) == []
    assert _told(_item(), after=-10) == [0.0]
