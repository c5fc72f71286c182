"""Form tokens: what a form of ours holds and a foreign site cannot know. Pure but for the salt of a new one.

A token is a salt and the HMAC of the salt and of who it is for (a session, or before sign-in a browser's own cookie).
The salt differs each time, so that a compressed page tells nothing about it (BREACH, 2013).
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Final

_SALT: Final = 12
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{59}")


class FormToken:
    """The token of the forms on one page, made when it is first written into one."""

    def __init__(self, keys: Sequence[bytes], who: str) -> None:
        self._keys = keys
        self._who = who
        self._made = ""

    @property
    def used(self) -> bool:
        """Whether it was written into a form, so that the browser needs its cookie."""
        return bool(self._made)

    def __str__(self) -> str:
        self._made = self._made or token(self._keys, self._who, secrets.token_bytes(_SALT))
        return self._made

    def genuine(self, text: str) -> bool:
        """Whether that came from a form of ours, shown to the same person."""
        return genuine(self._keys, self._who, text)


def token(keys: Sequence[bytes], who: str, salt: bytes) -> str:
    """A token for them, with a salt of 12 bytes."""
    return urlsafe_b64encode(salt + _mac(keys[0], who, salt)).rstrip(b"=").decode()


def genuine(keys: Sequence[bytes], who: str, text: str) -> bool:
    """Whether one of the keys made that token for them."""
    if not _SHAPE.fullmatch(text):
        return False
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    salt, mac = raw[:_SALT], raw[_SALT:]
    return any(hmac.compare_digest(_mac(key, who, salt), mac) for key in keys)


def _mac(key: bytes, who: str, salt: bytes) -> bytes:
    return hmac.digest(key, salt + who.encode(), hashlib.sha256)
