"""Links: the addresses that mails carry, and what is signed into them. Pure."""

from typing import Protocol

from loti_contracts.events import Match, Result


class Links(Protocol):
    """Absolute addresses of the pages behind a mail's links. Those of a contact carry a signed token."""

    def preferences(self, contact_id: str) -> str:
        """Where the contact chooses what it hears of, and sees what it was told."""
        ...

    def ledger(self, contact_id: str) -> str:
        """Where the contact reads what was told to it, when, why and because of what."""
        ...

    def unsubscribe(self, contact_id: str) -> str:
        """Where one POST stops everything (RFC 8058); a GET shows a button."""
        ...

    def confirm(self, contact_id: str, ask: str) -> str:
        """Where the contact says yes to what was asked under that id, or renews its yes."""
        ...

    def answer(self, match: Match, contact_id: str, supporter_id: str | None) -> str:
        """Where a borough accepts this supporter of the shortlist, or with None declines them all."""
        ...

    def outcome(self, match: Match, contact_id: str, result: Result | None = None) -> str:
        """Where one of the two says what came of it."""
        ...

    def edition(self, edition_id: str) -> str:
        """The page of a newsletter, for everybody."""
        ...

    def calendar(self, item_id: str) -> str:
        """The .ics of an event, for everybody."""
        ...
