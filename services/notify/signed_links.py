"""Signed links: the addresses in mails, each with a token that says whose link it is and what it is about.

A token is the reader's authority, in place of a password: it is signed for one page alone, it is bound to what that page
is about, and it ends. Nothing in it is secret, and nothing of it may be logged.
"""

import hmac
import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from urllib.parse import quote

from itsdangerous import BadSignature, TimestampSigner
from itsdangerous.encoding import base64_encode, int_to_bytes, want_bytes
from itsdangerous.signer import SigningAlgorithm

from loti_contracts.events import Match, Result
from services.notify.settings import NotifySettings

Purpose = Literal["preferences", "ledger", "unsubscribe", "confirm", "answer", "outcome"]

_DAY: Final = 86_400
LASTS: Final[dict[Purpose, int]] = {
    "preferences": 400
    * _DAY,  # longer than a yes counts, so that the newest mail always has a link that works
    "ledger": 400 * _DAY,
    "unsubscribe": 2 * 366 * _DAY,
    "confirm": 90 * _DAY,
    "answer": 180 * _DAY,
    "outcome": 400 * _DAY,
}
"""Seconds that a link works."""

LONGEST: Final = 4_096
"""Characters of a token; three ids of 200 characters fit."""
_SKEW: Final = 300
_DAMAGED: Final = "This link is incomplete or damaged."
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")
_SHORTEST_KEY: Final = 32
_in_json: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class LinkRefused(Exception):
    """The token says nothing: it is not one of ours for this page, or it has ended. The text is for its reader."""

    def __init__(self, why: str, *, ended: bool = False) -> None:
        super().__init__(why)
        self.ended = ended


@dataclass(frozen=True, slots=True)
class Signed:
    """What a token says, and when it was made. `about` is an ask or a match, `revision` the match's at that time,
    `choice` a supporter or a result."""

    contact_id: str
    made_at: datetime
    about: str | None = None
    revision: int | None = None
    choice: str | None = None


class SignedLinks:
    """The links of one site. Raises ValueError for keys that are missing or too short."""

    def __init__(self, settings: NotifySettings, *, clock: Callable[[], float] = time.time) -> None:
        keys = link_keys(settings)
        self._site = settings.public_url.rstrip("/")
        self._clock = clock
        self._signers = {purpose: _signer(keys, purpose, clock) for purpose in LASTS}

    def preferences(self, contact_id: str) -> str:
        """Where the contact chooses what it hears of."""
        return self._link("preferences", contact_id)

    def ledger(self, contact_id: str) -> str:
        """Where the contact reads what was told to it."""
        return self._link("ledger", contact_id)

    def unsubscribe(self, contact_id: str) -> str:
        """Where one POST stops everything."""
        return self._link("unsubscribe", contact_id)

    def confirm(self, contact_id: str, ask: str) -> str:
        """Where the contact says yes to that ask."""
        return self._link("confirm", contact_id, ask)

    def answer(self, match: Match, contact_id: str, supporter_id: str | None) -> str:
        """Where a borough accepts that supporter, or with None declines them all."""
        return self._link("answer", contact_id, match.id, match.revision, supporter_id)

    def outcome(self, match: Match, contact_id: str, result: Result | None = None) -> str:
        """Where one of the two says what came of a match."""
        return self._link("outcome", contact_id, match.id, match.revision, result)

    def edition(self, edition_id: str) -> str:
        """The page of a newsletter."""
        return f"{self._site}/newsletters/{quote(edition_id, safe='')}"

    def calendar(self, item_id: str) -> str:
        """The .ics of an event."""
        return f"{self._site}/events/{quote(item_id, safe='')}.ics"

    def on_from(self, link: Signed, purpose: Literal["preferences", "ledger", "unsubscribe"]) -> str:
        """Another page of whoever followed that link. It is as old as the link: what leaked cannot be kept alive by
        following it on, and what went to an address is known to have gone there."""
        made = self._signers[purpose].sign_at(_written((link.contact_id,)), link.made_at)
        return f"{self._site}/{purpose}/{made.decode()}"

    def token(self, purpose: Purpose, *says: str | int | None) -> str:
        """A token that says a contact and what it is about."""
        return self._signers[purpose].sign(_written(says)).decode()

    def read(self, purpose: Purpose, token: str) -> Signed:
        """What the token says. Raises LinkRefused for one that is forged, damaged, of another page, or too old."""
        if len(token) > LONGEST or not _SHAPE.fullmatch(token):
            raise LinkRefused(_DAMAGED)
        try:
            said, made_at = self._signers[purpose].unsign(token, return_timestamp=True)
        except BadSignature as error:
            raise LinkRefused(_DAMAGED) from error
        age = self._clock() - made_at.timestamp()
        if not -_SKEW <= age <= LASTS[purpose]:
            raise LinkRefused("This link has expired.", ended=True)
        return _signed(said, made_at)

    def _link(self, purpose: Purpose, *says: str | int | None) -> str:
        return f"{self._site}/{purpose}/{self.token(purpose, *says)}"


def link_keys(settings: NotifySettings) -> tuple[bytes, ...]:
    """The keys that links are signed with, the newest first. Raises ValueError for none, and for short ones."""
    keys = [key.strip() for key in settings.link_keys.get_secret_value().split(",") if key.strip()]
    if not keys or any(len(key) < _SHORTEST_KEY for key in keys):
        raise ValueError(
            f"LOTI_LINK_KEYS must hold one or more keys of {_SHORTEST_KEY} characters or more, comma-separated: the "
            "first signs the links in mails, all are believed. Make one with: openssl rand -hex 32"
        )
    return tuple(key.encode() for key in keys)


class _Sha256(SigningAlgorithm):
    """HMAC-SHA256 in one call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")


class _Signer(TimestampSigner):
    """A signature is believed in its one spelling only: base64 has several for the same bytes."""

    clock: Callable[[], float]

    def get_timestamp(self) -> int:
        return int(self.clock())

    def sign(self, value: str | bytes) -> bytes:
        """As itsdangerous does, in a fifth of its time: three tokens a mail are much of what a newsletter costs."""
        return self._dated(want_bytes(value), self.get_timestamp())

    def sign_at(self, value: bytes, moment: datetime) -> bytes:
        """As `sign` does, as if it were that moment."""
        return self._dated(value, int(moment.timestamp()))

    def _dated(self, value: bytes, second: int) -> bytes:
        dated = b"%b.%b" % (value, _in_base64(second))
        signature = hmac.digest(self.secret_keys[-1], dated, "sha256")
        return b"%b.%b" % (dated, urlsafe_b64encode(signature).rstrip(b"="))

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        value, given = want_bytes(value), want_bytes(sig)
        spelt = (self.algorithm.get_signature(key, value) for key in reversed(self.secret_keys))
        return any(hmac.compare_digest(urlsafe_b64encode(one).rstrip(b"="), given) for one in spelt)


def _signer(keys: tuple[bytes, ...], purpose: Purpose, clock: Callable[[], float]) -> _Signer:
    """A key of its own for each page, derived once; the last of a signer's keys signs."""
    own = [hmac.digest(key, b"notify link: " + purpose.encode(), "sha256") for key in reversed(keys)]
    signer = _Signer(own, key_derivation="none", algorithm=_Sha256())
    signer.clock = clock
    return signer


@lru_cache(maxsize=16)
def _in_base64(second: int) -> bytes:
    return base64_encode(int_to_bytes(second))


@lru_cache(maxsize=64)  # a mail has several links that say the same
def _written(says: tuple[str | int | None, ...]) -> bytes:
    return urlsafe_b64encode(_in_json(says).encode()).rstrip(b"=")


def _signed(said: bytes, made_at: datetime) -> Signed:
    """Raises LinkRefused for what no version of ours says, though one of our keys signed it."""
    try:
        values: Any = json.loads(urlsafe_b64decode(said + b"=" * (-len(said) % 4)))
        contact_id, about, revision, choice = (*values, None, None, None)[:4]
    except (NotBase64, ValueError, TypeError) as error:
        raise LinkRefused(_DAMAGED) from error
    texts = isinstance(contact_id, str) and all(
        one is None or isinstance(one, str) for one in (about, choice)
    )
    if not texts or not (revision is None or type(revision) is int):
        raise LinkRefused(_DAMAGED)
    return Signed(contact_id, made_at, about, revision, choice)
