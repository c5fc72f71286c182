"""Cookies: the two that the portal sets, signed and for itself alone. Pure.

Over https their names begin with `__Host-`, which browsers believe only from this very host over https, for all paths
(RFC 6265bis, 4.1.3.2): no neighbouring site can set one.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, Signer

_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_BROWSER: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Cookies:
    """How they are called and written; `https`: whether the site is reached so."""

    https: bool

    @property
    def session(self) -> str:
        """The name of the one that says who is signed in."""
        return self._named("talent-session")

    @property
    def browser(self) -> str:
        """The name of the one that forms belong to before sign-in."""
        return self._named("talent-forms")

    def set(self, name: str, value: str, *, seconds: int | None = None) -> str:
        """The header that sets it; without `seconds` until the browser is closed."""
        lasts = "" if seconds is None else f"; Max-Age={seconds}"
        return f"{name}={value}; Path=/{lasts}; HttpOnly; SameSite=Lax{'; Secure' if self.https else ''}"

    def drop(self, name: str) -> str:
        """The header that takes it back."""
        return self.set(name, "", seconds=0)

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.https else name


def signed(session: str, keys: Sequence[bytes]) -> str:
    """A session's id as its cookie has it."""
    return _signer(keys).sign(session).decode()


def session_in(cookie: str, keys: Sequence[bytes]) -> str | None:
    """The session's id, if one of our keys signed it."""
    if len(cookie) > 200:
        return None
    try:
        found = _signer(keys).unsign(cookie).decode("ascii", "replace")
    except BadSignature:
        return None
    return found if _ID.fullmatch(found) else None


def browser_in(cookie: str) -> str | None:
    """The browser's id, if it has the shape of one."""
    return cookie if _BROWSER.fullmatch(cookie) else None


def _signer(keys: Sequence[bytes]) -> Signer:
    """The last of itsdangerous' keys signs."""
    return Signer([*reversed(keys)], salt=b"session", key_derivation="none", digest_method=hashlib.sha256)
