"""Address keys: a keyed hash of an address, by which a suppression is found without keeping the address. Pure.

HMAC-SHA256 (RFC 2104), with keys derived from the ones that sign links; four bytes before it tell which key made it,
so that keys can be replaced. Without the key nobody can try addresses against it.
"""

import contextlib
import hashlib
import hmac
import unicodedata

_PURPOSE = b"talent exchange: address keys"
_NAME = 4


class NoKeys(ValueError):
    """There is no key to hash addresses with."""


def hash_keys(link_keys: str) -> tuple[bytes, ...]:
    """What addresses are hashed with, from comma-separated link keys; the first makes, all are looked up.

    Raises NoKeys where there is none.
    """
    keys = [key.strip().encode() for key in link_keys.split(",") if key.strip()]
    if not keys:
        raise NoKeys(
            "LOTI_LINK_KEYS is empty: give a key of 32 characters or more, such as `openssl rand -hex 32`"
        )
    return tuple(hmac.digest(key, _PURPOSE, hashlib.sha256) for key in keys)


def address_key(address: str, key: bytes) -> bytes:
    """The hash of an address under one of `hash_keys`: 36 bytes. Case and forms of the same letters do not matter,
    nor whether an international domain is written in its letters or in IDNA."""
    digest = hmac.digest(key, _one_form(address).encode(), hashlib.sha256)
    return hashlib.sha256(key).digest()[:_NAME] + digest


def address_keys(address: str, keys: tuple[bytes, ...]) -> list[bytes]:
    """Its hash under each key."""
    return [address_key(address, key) for key in keys]


def made_with(found: bytes, keys: tuple[bytes, ...]) -> bool:
    """Whether one of these keys made that hash; one whose key is gone fits no address any more."""
    return found[:_NAME] in {hashlib.sha256(key).digest()[:_NAME] for key in keys}


def _one_form(address: str) -> str:
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    with contextlib.suppress(UnicodeError):  # no domain that DNS could have is hashed as it is written
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"
