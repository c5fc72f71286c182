"""A portal whose mails are kept, and opened as their reader would."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest

from services.portal.signin.post import PostRoom
from services.portal.signin.relay import NotNow, Refused
from tests.portal.portal import Portal


@dataclass
class Mails:
    """What the post room sent. `trouble` is what the relay answers instead of taking a mail."""

    portal: Portal
    sent: list[EmailMessage] = field(default_factory=list)
    trouble: NotNow | Refused | None = None

    @property
    def room(self) -> PostRoom:
        """The post room."""
        return PostRoom(self.portal.pool, self.portal.settings, self._send, self.portal.clock)

    async def arrive(self) -> list[EmailMessage]:
        """Everything that is due, sent; all mails so far."""
        await self.room.answer_all()
        return self.sent

    async def link(self) -> str:
        """The path of the link in the newest mail."""
        return path_in((await self.arrive())[-1])

    async def _send(self, mail: EmailMessage) -> None:
        if self.trouble:
            raise self.trouble
        self.sent.append(mail)


def path_in(mail: EmailMessage) -> str:
    """The path of the link in a mail's text."""
    text = mail.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    found = re.search(r"^https?://[^/\s]+(/sign-in/\S+)$", text.get_content(), re.MULTILINE)
    assert found, text.get_content()
    return found[1]


@pytest.fixture
def mails(portal: Portal) -> Mails:
    """The mails of the portal."""
    return Mails(portal)
