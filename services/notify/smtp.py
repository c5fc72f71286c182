"""SMTP: one mail handed to the relay, and what became of it in one of four words."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException, SMTPSenderRefused

from services.notify.addresses import without_addresses
from services.notify.settings import NotifySettings


@dataclass(frozen=True, slots=True)
class Accepted:
    """The relay took the mail over."""

    answer: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """It surely did not, and may later. `unreachable` where no other mail would fare better."""

    answer: str
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It never will."""

    answer: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The mail was handed over and no answer came: nobody knows."""

    answer: str


Outcome = Accepted | NotNow | Refused | InDoubt


class Relay:
    """A connection to the relay, opened with the first mail and kept until `close`."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, recipients: Sequence[str], message: bytes, *, within: float) -> Outcome:
        """Hand over one mail, to all recipients or to none, in at most `within` seconds, connecting included.

        A recipient that is refused refuses the mail for all: an introduction that reaches one of two
        introduces nobody. A refused sender is our own mistake, not the mail's, so that is for now.
        """
        reached, handed_over = False, False
        try:
            async with asyncio.timeout(within):
                client = await self._connected()
                reached = True
                await client.mail(self._settings.sender)
                for recipient in recipients:
                    await client.rcpt(recipient)
                handed_over = True
                answer = await client.data(message)
        except SMTPResponseException as error:
            if not reached or error.code == 421:
                self._drop()
                return NotNow(f"the relay serves nobody now: {_said(error)}", unreachable=True)
            await self._start_over()
            if error.code >= 500 and not isinstance(error, SMTPSenderRefused):
                return Refused(_said(error))
            return NotNow(_said(error))
        except (TimeoutError, SMTPException, OSError) as error:
            self._drop()
            if handed_over:
                return InDoubt(_said(error))
            return NotNow(f"the relay was not reached: {_said(error)}", unreachable=not reached)
        return Accepted(without_addresses(f"{answer.code} {answer.message}"))

    async def close(self) -> None:
        """Say goodbye, if there is anybody; to be called when there is nothing more to send."""
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(SMTPException, OSError, asyncio.TimeoutError):
                await self._client.quit(timeout=1)
        self._drop()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            settings = self._settings
            self._client = aiosmtplib.SMTP(
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user,
                password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
                local_hostname=settings.sender.rpartition("@")[2],
                timeout=settings.smtp_timeout,
                use_tls=settings.smtp_tls == "tls",
                start_tls=settings.smtp_tls == "starttls",
            )
            await self._client.connect()
        return self._client

    async def _start_over(self) -> None:
        """Leave the refused mail behind, so that the connection serves the next."""
        try:
            if self._client is not None:
                await self._client.rset()
        except (TimeoutError, SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def _said(error: BaseException) -> str:
    if isinstance(error, SMTPResponseException):
        return without_addresses(f"{error.code} {error.message}")
    return without_addresses(f"{type(error).__name__}: {error}")
