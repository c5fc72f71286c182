"""The mail relay that sign-in links go through."""

import ssl
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from services.portal.settings import PortalSettings

Send = Callable[[EmailMessage], Awaitable[None]]
"""Hands one mail over. Raises NotNow and Refused."""

_FOR_EVER: Final = 500


class NotNow(Exception):
    """The relay was not reached, or says that it can be tried again. The text holds no address."""


class Refused(Exception):
    """The relay will never take that mail. The text holds no address."""


class BadTrust(ValueError):
    """The file of trusted certificates cannot be used; the text says which and why."""


def smtp(settings: PortalSettings) -> Send:
    """As the settings say. Raises BadTrust."""
    trust = _trust(settings)

    async def send(mail: EmailMessage) -> None:
        try:
            await aiosmtplib.send(
                mail,
                sender=settings.sender,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user,
                password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
                local_hostname=settings.sender.rpartition("@")[2],
                timeout=settings.smtp_timeout,
                use_tls=settings.smtp_tls == "tls",
                start_tls=settings.smtp_tls == "starttls",
                tls_context=trust,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _answered(max(one.code for one in error.recipients)) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _answered(error.code) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise NotNow(f"the relay was not reached: {type(error).__name__}") from error

    return send


def _answered(code: int) -> NotNow | Refused:
    """A relay's answer is not kept: relays like to repeat the address that they refuse."""
    words = f"the relay answered {code}"
    return Refused(words) if code >= _FOR_EVER else NotNow(words)


def _trust(settings: PortalSettings) -> ssl.SSLContext | None:
    """Whose certificates count: the system's, or those of the given file alone."""
    if settings.smtp_tls == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise BadTrust(
            f"{settings.smtp_ca_file} (LOTI_SMTP_CA_FILE) holds no certificates in PEM that can be read: {error}"
        ) from error
