"""A real SMTP server on a real socket that keeps what it takes and misbehaves on request."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailRelay:
    """`faults` are used up one a mail: an answer such as `451 later`, or `drop` (the mail is taken and the
    connection broken before the answer). `refused` answers a recipient whose address contains the key."""

    faults: deque[str] = field(default_factory=deque)
    refused: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    connections: int = 0
    before_answer: Callable[[], Awaitable[None]] | None = None
    port: int = 0
    _server: asyncio.Server | None = None
    _open: list[SMTP] = field(default_factory=list)

    async def start(self) -> None:
        """Listen on `port`, or on a free one."""
        self._server = await asyncio.get_running_loop().create_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections from now on, and break the open ones."""
        if self._server is not None:
            self._server.close()
            for session in self._open:
                if session.transport is not None:
                    session.transport.abort()
            await self._server.wait_closed()
            self._server = None

    def _serve(self) -> SMTP:
        self.connections += 1
        session = SMTP(self, hostname="relay.example", loop=asyncio.get_running_loop())
        self._open.append(session)
        return session

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        for part, answer in self.refused.items():
            if part in address:
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.faults.popleft() if self.faults else ""
        if fault and fault != "drop":
            return fault
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        if self.before_answer is not None:
            await self.before_answer()
        if fault == "drop" and server.transport is not None:
            server.transport.abort()
        return f"250 taken as {len(self.taken)}"

    @property
    def message_ids(self) -> list[str]:
        """Of what was taken, in order."""
        return [str(message["Message-ID"]) for message in self.taken]
