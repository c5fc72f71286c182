"""Made-up people and links for the examples: nobody in them exists."""

from typing import Final

from loti_contracts.events import Contact, Match, Result, Subscription

READER: Final = Contact(
    id="contact-reader",
    revision=1,
    name="Amara Osei",
    email="amara.osei@camden.example",
    organisation="London Borough of Camden",
    borough="E09000007",
    roles=("chief digital officer",),
    subscriptions=(
        Subscription(topic="new role", frequency="daily", families=("Data", "User-centred design")),
        Subscription(
            topic="new role",
            standard_roles=("Enterprise architect",),
            levels=("lead", "principal"),
            areas=("inner",),
            minimum_pay=6_000_000,
        ),
        Subscription(topic="offer below market"),
        Subscription(topic="shared demand", frequency="weekly"),
        Subscription(topic="event", frequency="weekly"),
        Subscription(topic="newsletter"),
    ),
)
RECRUITER: Final = Contact(
    id="contact-recruiter",
    revision=1,
    name="Tom Whitfield",
    email="tom.whitfield@recruiters.example",
    organisation="LOTI recruiter pool",
    roles=("supporter",),
)
CONSULTANT: Final = Contact(
    id="contact-consultant",
    revision=1,
    name="Priya Nadar",
    email="priya.nadar@talent.example",
    organisation="Southwark Digital Talent",
    roles=("supporter",),
)
STAFF: Final = Contact(
    id="contact-staff",
    revision=1,
    name="Ines Carvalho",
    email="ines.carvalho@loti.example",
    organisation="London Office of Technology and Innovation",
    roles=("LOTI staff",),
)


class ExampleLinks:
    """Links as long as real ones, to pages that do not exist."""

    def __init__(self, base: str = "https://talent-exchange.example") -> None:
        self._base = base

    def preferences(self, contact_id: str) -> str:
        """See `Links`."""
        return self._personal("preferences", contact_id)

    def ledger(self, contact_id: str) -> str:
        """See `Links`."""
        return self._personal("told", contact_id)

    def unsubscribe(self, contact_id: str) -> str:
        """See `Links`."""
        return self._personal("unsubscribe", contact_id)

    def confirm(self, contact_id: str, ask: str) -> str:
        """See `Links`."""
        return self._personal("confirm", f"{contact_id}.{ask}")

    def answer(self, match: Match, contact_id: str, supporter_id: str | None) -> str:
        """See `Links`."""
        return self._personal("answer", f"{match.id}.{contact_id}.{supporter_id or 'none'}")

    def outcome(self, match: Match, contact_id: str, result: Result | None = None) -> str:
        """See `Links`."""
        return self._personal("outcome", f"{match.id}.{contact_id}.{result or 'asked'}")

    def edition(self, edition_id: str) -> str:
        """See `Links`."""
        return f"{self._base}/newsletters/{edition_id}"

    def calendar(self, item_id: str) -> str:
        """See `Links`."""
        return f"{self._base}/events/{item_id}.ics"

    def _personal(self, page: str, what: str) -> str:
        return f"{self._base}/{page}/{what}.MTc2Mzc4NTYwMA.signed-for-this-example-only-0123456789ab"
