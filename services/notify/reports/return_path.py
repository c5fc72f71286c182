"""The return path: where a mail comes back to, signed, so that whatever comes there is known to be about that mail.

`bounces@loti.example` becomes `bounces+<mail's id>.<signature>@loti.example` (VERP with a signature). Only who has seen
the mail, or carried it, knows its signature: nobody can make up a bounce of somebody else's mail. Pure.
"""

import base64
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID

from pydantic import SecretStr

LONGEST: Final = 14
"""Characters of the bounce address before its @. RFC 5321 lets 64 stand there, and id and signature take 50."""

_SIGNED = re.compile(r"\+([0-9a-f]{32})\.([a-z2-7]{16})@", re.IGNORECASE)


class Signing(Protocol):
    """What is needed of the settings."""

    @property
    def sender(self) -> str: ...
    @property
    def bounce_address(self) -> str | None: ...
    @property
    def link_keys(self) -> SecretStr: ...


@dataclass(frozen=True, slots=True)
class Returned:
    """What the return paths in a report say: the mail that it is `about`, or None.

    `forged` where none of them was signed with one of our keys.
    """

    about: UUID | None
    forged: bool = False


def return_path(settings: Signing, mail_id: UUID) -> str:
    """The envelope sender of that mail: signed where bounces have an address of their own, else the sender's.

    Raises ValueError where there is no key to sign with, or no room for the signature.
    """
    if settings.bounce_address is None:
        return settings.sender
    local, _, domain = settings.bounce_address.rpartition("@")
    if len(local) > LONGEST:
        raise ValueError(
            f"LOTI_BOUNCE_ADDRESS has {len(local)} characters before its @; with the mail's id and signature only "
            f"{LONGEST} fit (RFC 5321): use a shorter one, such as bounces@{domain}"
        )
    keys = keys_of(settings)
    if not keys:
        raise ValueError(
            "LOTI_LINK_KEYS is empty: set a key of 32 characters or more, return paths are signed with it"
        )
    return f"{local}+{mail_id.hex}.{_signature(mail_id, keys[0])}@{domain}"


def keys_of(settings: Signing) -> tuple[str, ...]:
    """The keys: the first signs, all are believed."""
    return tuple(key.strip() for key in settings.link_keys.get_secret_value().split(",") if key.strip())


def read(texts: Iterable[str], keys: Sequence[str]) -> Returned:
    """The first return path in these texts that one of the keys signed. Mail systems may change its case."""
    forged = False
    for text in texts:
        for hexadecimal, signature in _SIGNED.findall(text):
            mail_id = UUID(hexadecimal)
            if any(hmac.compare_digest(signature.lower(), _signature(mail_id, key)) for key in keys):
                return Returned(mail_id)
            forged = True
    return Returned(None, forged=forged)


def read_message_id(texts: Iterable[str], *, domain: str) -> UUID | None:
    """The mail that the first of our own Message-IDs in these texts names. Anybody can write one: it proves nothing."""
    ours = re.compile(
        rf"<([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})@{re.escape(domain)}>", re.IGNORECASE
    )
    for text in texts:
        if found := ours.search(text):
            return UUID(found[1])
    return None


def _signature(mail_id: UUID, key: str) -> str:
    """80 bits in base32: letters whose case does not count."""
    made = hmac.new(key.encode(), b"return path\n" + mail_id.bytes, sha256).digest()
    return base64.b32encode(made[:10]).decode().lower()
