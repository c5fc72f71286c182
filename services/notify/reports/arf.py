"""Feedback reports: a reader pressed "this is spam", as RFC 5965 lets a mailbox provider say it. Pure."""

from dataclasses import dataclass
from typing import Final

from services.notify.reports.dsn import addresses_in
from services.notify.reports.parts import Came, blocks, first

_COMPLAINTS: Final = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
"""Kinds of feedback by which a reader says: no more of this. `not-spam` says the opposite; `virus`, `other` and
`auth-failure` are for whoever runs the mail."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of a mail. `recipients` are often left out for privacy's sake."""

    kind: str
    recipients: tuple[str, ...]
    return_paths: tuple[str, ...]

    @property
    def is_complaint(self) -> bool:
        """Whether the reader wants no more mail."""
        return self.kind in _COMPLAINTS


def read(came: Came) -> Feedback | None:
    """What the message reports; None where it is no feedback report."""
    for part in came.parts:
        if part.get_content_type() != "message/feedback-report":
            continue
        for block in blocks(part):
            if kind := first(block, "feedback-type").lower():
                recipients = addresses_in(
                    " ".join(value for name, value in block if name == "original-rcpt-to")
                )
                paths = tuple(value for name, value in block if name == "original-mail-from")
                return Feedback(kind.partition(" ")[0].strip(";"), recipients, paths)
    return None
