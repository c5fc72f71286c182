"""Keys: what the portal signs with, a key of its own for each purpose. Pure."""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

Purpose = Literal["session", "form", "link", "address", "client"]

_SHORTEST: Final = 32


class NoKeys(ValueError):
    """There is no key, or one that is too short. The text says what to set."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The first signs, all are believed."""

    secrets: tuple[bytes, ...] = field(repr=False)

    def for_(self, purpose: Purpose) -> tuple[bytes, ...]:
        """The keys of one purpose, the one that signs first."""
        return tuple(_derived(secret, purpose) for secret in self.secrets)

    def hashed(self, purpose: Purpose, text: str) -> bytes:
        """32 bytes that stand for the text and tell nobody without the key what it is."""
        return hmac.digest(self.for_(purpose)[0], text.encode("utf-8", "replace"), hashlib.sha256)


@lru_cache(maxsize=8)
def keys_of(session_keys: str) -> Keys:
    """From comma-separated keys, the newest first. Raises NoKeys."""
    found = [key.strip() for key in session_keys.split(",") if key.strip()]
    if not found or any(len(key) < _SHORTEST for key in found):
        raise NoKeys(
            f"LOTI_SESSION_KEYS must hold one or more keys of {_SHORTEST} characters or more, comma-separated: the "
            "first signs cookies and sign-in links, all are believed. Make one with: openssl rand -hex 32"
        )
    return Keys(tuple(key.encode() for key in found))


@lru_cache(maxsize=64)
def _derived(secret: bytes, purpose: Purpose) -> bytes:
    return hmac.digest(secret, b"talent exchange portal: " + purpose.encode(), hashlib.sha256)
