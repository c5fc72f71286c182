"""Signing: DKIM (RFC 6376, RFC 8463) over what a reader and a mailbox's one-click button rely on."""

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import dkim  # type: ignore[import-untyped]

from services.notify.settings import NotifySettings

# Both List-Unsubscribe headers must be among them for a one-click button to appear (RFC 8058, 4). A header that is not
# in the message is signed as absent, so that nobody can add a second From, To or Subject (RFC 6376, 8.15).
SIGNED: Final = (
    b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"list-id", b"list-unsubscribe",
    b"list-unsubscribe-post", b"mime-version", b"content-type", b"content-transfer-encoding", b"from", b"subject",
)  # fmt: skip
_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----\s+(.*?)\s+-----END \1-----", re.DOTALL)
_ED25519: Final = bytes.fromhex(
    "302e020100300506032b657004220420"
)  # PKCS #8 around the 32 bytes (RFC 8410, 7)


class NoKey(ValueError):
    """What was set for DKIM cannot sign; the text says what, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs in the name of a domain."""

    selector: bytes
    domain: bytes
    key: bytes
    algorithm: bytes

    def signed(self, message: bytes) -> bytes:
        """The message with a signature before its other headers."""
        header = dkim.DKIM(message).sign(
            self.selector,
            self.domain,
            self.key,
            signature_algorithm=self.algorithm,
            canonicalize=(b"relaxed", b"simple"),  # nothing is touched in quoted-printable on its way
            include_headers=SIGNED,
        )
        return bytes(header) + message


def signer(settings: NotifySettings) -> Signer | None:
    """As the settings say; None where they say nothing. Raises NoKey, after trying the key."""
    path, selector = settings.dkim_key_file, settings.dkim_selector
    if path is None and selector is None:
        return None
    if path is None or not selector:
        raise NoKey(
            "LOTI_DKIM_SELECTOR and LOTI_DKIM_KEY_FILE belong together: set both, or neither to send unsigned"
        )
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", selector):
        raise NoKey(f"LOTI_DKIM_SELECTOR is {selector!r}: letters, figures, dots and hyphens make a DNS name")
    key, algorithm = _key(path)
    made = Signer(selector.encode(), settings.sender.rpartition("@")[2].encode(), key, algorithm)
    try:
        made.signed(b"From: x@example.org\r\n\r\nx\r\n")
    except Exception as error:  # dkimpy lets many kinds through for a key that is damaged
        raise NoKey(f"{path} (LOTI_DKIM_KEY_FILE) cannot sign: {type(error).__name__}: {error}") from error
    return made


def _key(path: Path) -> tuple[bytes, bytes]:
    """The key as dkimpy takes it, and its algorithm."""
    try:
        found = _PEM.search(path.read_text("ascii", errors="replace"))
    except OSError as error:
        raise NoKey(f"{path} (LOTI_DKIM_KEY_FILE) cannot be read: {error.strerror}") from error
    how = "make one with: openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out FILE"
    if found is None:
        raise NoKey(f"{path} (LOTI_DKIM_KEY_FILE) holds no private key in PEM; {how}")
    try:
        der = base64.b64decode(found[2])
    except ValueError as error:
        raise NoKey(f"{path} (LOTI_DKIM_KEY_FILE) is damaged: {error}; {how}") from error
    match found[1]:
        case "PRIVATE KEY" if der.startswith(_ED25519) and len(der) == len(_ED25519) + 32:
            return base64.b64encode(der[len(_ED25519) :]), b"ed25519-sha256"
        case "PRIVATE KEY" | "RSA PRIVATE KEY":
            return b"-----BEGIN KEY-----\n" + base64.b64encode(der) + b"\n-----END KEY-----\n", b"rsa-sha256"
    raise NoKey(f"{path} (LOTI_DKIM_KEY_FILE) holds {found[1]!r}, not an RSA or Ed25519 private key; {how}")
