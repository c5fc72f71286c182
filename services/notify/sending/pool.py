"""The pool: mails over several connections to the relay, kept while there is work."""

import asyncio
import contextlib
import ssl
from collections import deque
from typing import cast

from loti_contracts.delivery.traced_work import step
from services.notify.sending.connection import Connection, Left, NotReached, connect
from services.notify.sending.dkim_signing import signer
from services.notify.sending.envelope import Delivery, recipients_domains
from services.notify.sending.limits import Limits
from services.notify.sending.outgoing import InDoubt, NotNow, Outcome, Outgoing, Refused
from services.notify.sending.turns import Turns
from services.notify.sending.verdicts import Verdict
from services.notify.settings import NotifySettings

LARGEST = 10_000_000
"""Bytes of a message; beyond that, mailboxes refuse it anyway."""

_RETRY = 5.0  # seconds until more connections are tried, where the relay allows some but not all
_CONNECTIONS_A_MAIL = 2  # over so many is a mail begun before it is given back


class BadTrust(ValueError):
    """The file of trusted certificates cannot be used; the text says which and why."""


class SmtpPool:
    """A Transport over SMTP. Raises NoKey and BadTrust when it is made, if the settings cannot work."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._signer = signer(settings)
        self._tls = _trust(settings)
        self._turns = Turns(
            Limits(
                per_domain=settings.per_domain,
                rate=settings.rate,
                rate_seconds=settings.rate_seconds,
                rest_first=settings.retry_first,
                rest_most=settings.retry_most,
            )
        )
        self._waiting: deque[Delivery] = deque()
        self._connections: list[Connection] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._no_more_until = 0.0
        self._closing = False

    async def send(self, outgoing: Outgoing, *, within: float) -> Outcome:
        """Hand over one mail in at most `within` seconds, waiting for its turn and for a connection included."""
        if not outgoing.recipients:
            return Refused("the mail is for nobody")
        if len(outgoing.message) > LARGEST:
            return Refused(f"the message has {len(outgoing.message)} bytes; {LARGEST} are the most")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        domains = recipients_domains(outgoing.recipients)
        if (held := await self._turns.begin(domains, deadline)) is not None:
            return held
        rests: bool | None = None
        try:
            verdict = await self._delivered(outgoing, deadline)
            rests = verdict.domain_rests
        finally:
            self._turns.end(domains, rests=rests)
        return verdict.outcome

    async def settle(self, outgoing: Outgoing) -> Outcome | None:
        """None: over SMTP nobody can be asked what became of a mail."""
        return None

    def paused(self) -> float:
        """Seconds until the rate lets another mail go."""
        return self._turns.paused()

    async def close(self) -> None:
        """Say goodbye to the relay; mails under way are in doubt, or not taken."""
        self._closing = True
        for task in (opening := list(self._opening)):
            task.cancel()
        for connection in (leaving := list(self._connections)):
            connection.leave()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                for connection in leaving:
                    await connection.closed.wait()
        for connection in leaving:
            connection.hang_up()
        await asyncio.gather(*opening, return_exceptions=True)
        self._fail_waiting(NotNow("the connection was ended here"))
        self._closing = False

    async def _delivered(self, outgoing: Outgoing, deadline: float) -> Verdict:
        loop = asyncio.get_running_loop()
        verdict: asyncio.Future[Verdict] = loop.create_future()

        def ended(found: Verdict) -> None:
            if not verdict.done():
                verdict.set_result(found)

        def give_up() -> None:
            delivery.abandoned = True
            why = "there was no answer in time"
            ended(Verdict(InDoubt(why) if delivery.handed_over else NotNow(why)))

        message = outgoing.message
        if self._signer:
            with step("sign"):
                message = self._signer.signed(message)
        delivery = Delivery(outgoing.return_path, outgoing.recipients, message, ended)
        timer = loop.call_at(deadline, give_up)
        try:
            self._waiting.append(delivery)
            self._serve()
            return await verdict
        finally:
            timer.cancel()
            delivery.abandoned = True

    def _serve(self) -> None:
        """Give what waits to connections that are idle, then to those with room; open more if that is not enough."""
        if self._closing:
            return
        for connection in sorted((one for one in self._connections if one.has_room), key=_is_busy):
            connection.offer()
        if not self._waiting:
            return
        most = self._settings.smtp_connections - len(self._connections) - len(self._opening)
        if most <= 0 or (self._connections and asyncio.get_running_loop().time() < self._no_more_until):
            return
        for _ in range(min(most, len(self._waiting) - len(self._opening))):
            task = asyncio.create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)  # also where it was cancelled

    def _take(self) -> Delivery | None:
        while self._waiting:
            delivery = self._waiting.popleft()
            if not delivery.abandoned:
                return delivery
        return None

    async def _open(self) -> None:
        try:
            connection = await connect(self._settings, self._tls, take=self._take, gone=self._gone)
        except NotReached as error:
            self._no_more_until = asyncio.get_running_loop().time() + _RETRY
            self._opening.discard(cast("asyncio.Task[None]", asyncio.current_task()))
            if not self._connections and not self._opening:
                self._fail_waiting(NotNow(f"the relay was not reached: {error}", unreachable=True))
        else:
            self._connections.append(connection)
            connection.offer()

    def _gone(self, connection: Connection, left: Left, why: str) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for delivery, verdict in left:
            delivery.attempts += 1
            if verdict is not None:
                delivery.ended(verdict)
            elif delivery.attempts < _CONNECTIONS_A_MAIL:
                self._waiting.appendleft(delivery)
            else:
                delivery.ended(Verdict(NotNow(why, unreachable=not connection.served)))
        if self._waiting:
            self._serve()

    def _fail_waiting(self, outcome: Outcome) -> None:
        while (delivery := self._take()) is not None:
            delivery.ended(Verdict(outcome))


def _is_busy(connection: Connection) -> bool:
    return not connection.idle


def _trust(settings: NotifySettings) -> ssl.SSLContext | None:
    """Whose certificates count: the system's, or those of the given file alone."""
    if settings.smtp_tls == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise BadTrust(
            f"{settings.smtp_ca_file} (LOTI_SMTP_CA_FILE) holds no certificates in PEM that can be read: {error}"
        ) from error
