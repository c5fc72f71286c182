"""Signatures and secrets, as Standard Webhooks 1.0 says: `v1,` and the base64 of HMAC-SHA256 over id.timestamp.body."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

_PREFIX = "whsec_"


def secret_of(random: bytes) -> str:
    """A secret as it is shown: `whsec_` and base64. 24 to 64 random bytes."""
    if not 24 <= len(random) <= 64:
        raise ValueError("a webhook's secret has 24 to 64 bytes")
    return _PREFIX + base64.b64encode(random).decode()


def key_of(secret: str) -> bytes:
    """The bytes that a shown secret stands for. Raises ValueError."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook's secret is whsec_ and base64") from error


def headers_of(*, id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The three headers; one signature for each secret, the newest first."""
    timestamp = str(int(now.timestamp()))
    signed = f"{id}.{timestamp}.".encode() + body
    signatures = [
        "v1," + base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()
        for secret in secrets
    ]
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}
