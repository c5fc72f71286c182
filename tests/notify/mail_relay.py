"""A real SMTP server on a real socket (aiosmtpd) that keeps what it takes and misbehaves on request."""

import asyncio
import ssl
import warnings
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailRelay:
    """`faults` are used up one a mail: an answer such as `451 later`, or `drop` (the mail is taken and the
    connection broken before the answer). `refused` answers a recipient whose address contains the key.

    With `certificate` it has TLS: from the first byte if `implicit`, else by STARTTLS, without which it serves nobody.
    With `user` and `password` it serves only who logs in.
    """

    faults: deque[str] = field(default_factory=deque)
    refused: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    connections: int = 0
    before_answer: Callable[[], Awaitable[None]] | None = None
    port: int = 0
    pipelining: bool = True
    smtputf8: bool = False
    certificate: ssl.SSLContext | None = None
    implicit: bool = False
    user: str | None = None
    password: str = ""
    secured: int = 0  # mails that came over TLS
    _server: asyncio.Server | None = None
    _open: list[SMTP] = field(default_factory=list)

    async def start(self) -> None:
        """Listen on `port`, or on a free one."""
        self._server = await asyncio.get_running_loop().create_server(
            self._serve, "127.0.0.1", self.port, ssl=self.certificate if self.implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections from now on, and break the open ones."""
        if self._server is not None:
            self._server.close()
            for session in self._open:
                if session.transport is not None:
                    session.transport.abort()
            await self._server.wait_closed()
            async with asyncio.timeout(5):
                while getattr(self._server, "_active_count", 0):  # also of those whose handshake failed
                    await asyncio.sleep(0.001)
            self._server = None

    def _serve(self) -> SMTP:
        self.connections += 1
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS", UserWarning)
            session = self._session()
        self._open.append(session)
        return session

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname="relay.example",
            loop=asyncio.get_running_loop(),
            data_size_limit=10_000_000,
            enable_SMTPUTF8=self.smtputf8,
            tls_context=None if self.implicit else self.certificate,
            require_starttls=self.certificate is not None and not self.implicit,
            auth_required=self.user is not None,
            auth_require_tls=self.user is not None and self.certificate is not None and not self.implicit,
            authenticator=self._let_in,
        )

    def _let_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            str(self.user).encode(),
            self.password.encode(),
        )
        return AuthResult(success=right, handled=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], *(["250-PIPELINING"] if self.pipelining else ()), *responses[1:]]

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
        self.raw.append(envelope.content)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        self.senders.append(str(envelope.mail_from))
        self.secured += session.ssl is not None or self.implicit
        if self.before_answer is not None:
            await self.before_answer()
        if fault == "drop" and server.transport is not None:
            server.transport.abort()
        return f"250 taken as {len(self.taken)}"

    @property
    def message_ids(self) -> list[str]:
        """Of what was taken, in order."""
        return [str(message["Message-ID"]) for message in self.taken]
