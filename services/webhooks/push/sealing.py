"""Sealed secrets: how an endpoint's secret is kept in the database. Pure, but for the nonce that libsodium draws.

`sealed1.` and the base64 of nonce, XChaCha20-Poly1305 ciphertext and tag. The endpoint's name is authenticated beside it:
what was sealed for one endpoint cannot be put into the row of another. A secret in the clear (`whsec_`) is read as it is:
so were they kept once, and they are sealed as soon as somebody pushes.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import Aead

_SEALED: Final = "sealed1."
_CLEAR: Final = "whsec_"
_SHORTEST: Final = 32


class NoKeys(ValueError):
    """There is no key, or one that is too short. The text says what to set."""


class NotOpened(ValueError):
    """A kept secret was sealed with a key that is not among ours, for another endpoint, or was changed."""


@dataclass(frozen=True, slots=True)
class Seals:
    """The first key seals, all of them open."""

    _keys: tuple[bytes, ...] = field(repr=False)

    def seal(self, secret: str, *, endpoint: str) -> str:
        """As it is kept; twice the same secret looks different each time."""
        sealed = Aead(self._keys[0]).encrypt(secret.encode(), endpoint.encode())
        return _SEALED + base64.b64encode(bytes(sealed)).decode()

    def open(self, kept: str, *, endpoint: str) -> str:
        """The secret as it was shown. Raises NotOpened."""
        if kept.startswith(_CLEAR):
            return kept
        for key in self._keys:
            if (secret := _opened(key, kept, endpoint)) is not None:
                return secret
        raise NotOpened(
            f"the secret of {endpoint} cannot be opened with any key in LOTI_WEBHOOK_KEYS: put the key that it was "
            f"sealed with behind the others, or make a new secret with `loti webhooks rotate {endpoint}`"
        )

    def is_newest(self, kept: str, *, endpoint: str) -> bool:
        """Whether it is sealed, with the first key."""
        return _opened(self._keys[0], kept, endpoint) is not None


def seals_of(webhook_keys: str) -> Seals:
    """From comma-separated keys, the newest first. Raises NoKeys."""
    found = [key.strip() for key in webhook_keys.split(",") if key.strip()]
    if not found or any(len(key) < _SHORTEST for key in found):
        raise NoKeys(
            f"LOTI_WEBHOOK_KEYS must hold one or more keys of {_SHORTEST} characters or more, comma-separated: the "
            "first seals the endpoints' secrets, all open them. Make one with: openssl rand -hex 32"
        )
    return Seals(tuple(_derived(key) for key in found))


def _derived(key: str) -> bytes:
    return hmac.digest(key.encode(), b"talent exchange webhooks: endpoint secrets", hashlib.sha256)


def _opened(key: bytes, kept: str, endpoint: str) -> str | None:
    if not kept.startswith(_SEALED):
        return None
    try:
        sealed = base64.b64decode(kept.removeprefix(_SEALED), validate=True)
        return Aead(key).decrypt(sealed, endpoint.encode()).decode()
    except (binascii.Error, CryptoError, ValueError):
        return None
