"""Connections: one to the relay, opened by aiosmtplib (TLS, EHLO, login), then spoken over pipelined.

aiosmtplib has no pipelining of its own (its protocol drops an answer that comes before its question is awaited), so after
its part the transport is given to another protocol, as asyncio lets any transport be. Nothing here waits in a task of its own.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import cast

import aiosmtplib
from aiosmtplib import SMTPException, SMTPHeloError

from services.notify.addresses import without_addresses
from services.notify.sending.envelope import Delivery, Offers
from services.notify.sending.pipelining import Dialogue
from services.notify.sending.replies import Nonsense, Replies
from services.notify.sending.verdicts import Verdict
from services.notify.settings import NotifySettings

IDLE = 60.0
"""Seconds without work after which a connection is ended; relays give up after some minutes."""

SLOW = 0.5
"""Seconds without an answer after which no other mail is put behind the one that waits for it."""

Left = list[tuple[Delivery, Verdict | None]]


class NotReached(ConnectionError):
    """No connection to the relay could be made; the text says why, without addresses."""


class Connection(asyncio.Protocol):
    """Takes an open transport over, and deliveries by `take` whenever there is room for one. `gone` is told once what a lost connection left."""

    def __init__(
        self,
        transport: asyncio.Transport,
        offers: Offers,
        *,
        timeout: float,
        take: Callable[[], Delivery | None],
        gone: Callable[["Connection", Left, str], None],
    ) -> None:
        self.offers = offers
        self.served = False  # it answered, and did not hang up on that
        self.closed = asyncio.Event()
        self._timeout = timeout
        self._take, self._gone = take, gone
        self._loop = asyncio.get_running_loop()
        self._dialogue = Dialogue(offers)
        self._replies = Replies()
        self._since = (
            self._loop.time()
        )  # of the last answer, or of the first question after all were answered
        self._watch = self._loop.call_later(timeout, self._look)
        self._transport = transport
        transport.set_protocol(self)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._dialogue.waits

    @property
    def has_room(self) -> bool:
        """Whether another delivery could be begun without waiting long."""
        return self._dialogue.has_room and (self.idle or self._loop.time() - self._since < SLOW)

    def offer(self) -> None:
        """Take what there is room for, and say what is to be said, in one piece."""
        if self.closed.is_set():
            return
        while self._dialogue.has_room and (delivery := self._take()) is not None:
            if (verdict := self._dialogue.begin(delivery)) is not None:
                delivery.ended(verdict)
        waited = self._dialogue.waits
        if words := b"".join(self._dialogue.said()):
            if not waited:
                self._since = self._loop.time()
            self._transport.write(words)

    def leave(self) -> None:
        """Say goodbye, or hang up in the middle of work."""
        if self.idle:
            self._dialogue.leave()
            self.offer()
        else:
            self.hang_up()

    def hang_up(self) -> None:
        """End it now."""
        self._lose("the connection was ended here")

    def data_received(self, data: bytes) -> None:
        """Answers came."""
        self._replies.feed(data)
        now = self._loop.time()
        try:
            while not self.closed.is_set() and (reply := self._replies.next()) is not None:
                self.served, self._since = reply.code != 421, now
                if (ended := self._dialogue.hear(reply, more=self._replies.more)) is not None:
                    delivery, verdict = ended
                    delivery.ended(verdict)
                if reply.code in (221, 421):
                    self._lose(f"the relay hung up: {without_addresses(str(reply))}")
        except Nonsense as error:
            self._lose(without_addresses(str(error)))
        self.offer()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side hung up, or the network did."""
        self._lose(f"the connection broke: {without_addresses(str(exc))}" if exc else "the relay hung up")

    def _look(self) -> None:
        now = self._loop.time()
        end = self._since + (self._timeout if self._dialogue.waits else IDLE)
        if now < end:
            self._watch = self._loop.call_at(min(end, now + self._timeout), self._look)
        elif self._dialogue.waits:
            self._lose(f"the relay did not answer within {self._timeout:g} seconds")
        else:
            self.leave()
            self._watch = self._loop.call_later(self._timeout, self._look)

    def _lose(self, why: str) -> None:
        if self.closed.is_set():
            return
        self.closed.set()
        self._watch.cancel()
        self._transport.abort()
        self._gone(self, self._dialogue.lost(why), why)


async def connect(
    settings: NotifySettings,
    tls: ssl.SSLContext | None,
    *,
    take: Callable[[], Delivery | None],
    gone: Callable[[Connection, Left, str], None],
) -> Connection:
    """A connection that was greeted, secured and let in, as the settings say. Raises NotReached."""
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        local_hostname=settings.sender.rpartition("@")[2],
        timeout=settings.smtp_timeout,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
        tls_context=tls,
    )
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            try:
                await client.ehlo()
            except SMTPHeloError:
                await client.helo()
        if client.transport is None or client.transport.is_closing():
            raise NotReached("the relay hung up")
        return Connection(
            cast(asyncio.Transport, client.transport),
            _offers(client),
            timeout=settings.smtp_timeout,
            take=take,
            gone=gone,
        )
    except (SMTPException, OSError, TimeoutError, ValueError) as error:
        client.close()
        if isinstance(error, NotReached):
            raise
        raise NotReached(without_addresses(f"{type(error).__name__}: {error}")) from error
    except asyncio.CancelledError:
        client.close()
        raise


def _offers(client: aiosmtplib.SMTP) -> Offers:
    size = client.esmtp_extensions.get("size")
    return Offers(
        pipelining=client.supports_extension("pipelining"),
        smtputf8=client.supports_extension("smtputf8"),
        eight_bit=client.supports_extension("8bitmime"),
        size=None if size is None else int(size) if size.isdigit() else 0,
    )
