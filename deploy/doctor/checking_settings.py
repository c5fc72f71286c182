"""Whether what a service is told is safe where it runs. Pure."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import SecretStr

from deploy.doctor.findings import Finding
from deploy.doctor.installed import Installed
from loti_contracts.delivery.settings import ServiceSettings

_KEYS = {"notify": "link_keys", "portal": "session_keys", "webhooks": "webhook_keys"}
_ADDRESSES = ("public_url", "portal_url", "events_url")
_LEAST_KEY = 32


def check(one: Installed) -> Iterator[Finding]:
    """Encryption on the way to the broker, relay and readers; keys; what is for trying out alone."""
    settings, name = one.settings, one.name
    yield from _keys(name, settings)
    if one.local:
        return
    if not settings.kafka_security.endswith("ssl") and not _here(
        settings.kafka.split(",")[0].rpartition(":")[0]
    ):
        yield Finding(
            "warning", name, "settings", f"what goes to the broker is not encrypted (LOTI_KAFKA_SECURITY={settings.kafka_security})",
            "set LOTI_KAFKA_SECURITY=sasl_ssl, LOTI_KAFKA_USER, LOTI_KAFKA_PASSWORD and LOTI_KAFKA_CA",
        )  # fmt: skip
    if not settings.kafka_security.startswith("sasl") and not _here(
        settings.kafka.split(",")[0].rpartition(":")[0]
    ):
        yield Finding(
            "warning", name, "settings", "the broker lets anybody in, contacts' names and addresses included",
            "guard it: `loti contracts subscriber --help` and the guide for operators",
        )  # fmt: skip
    for setting in _ADDRESSES:
        address = urlsplit(str(getattr(settings, setting, "")))
        if address.scheme == "http" and not _here(address.hostname or ""):
            yield Finding(
                "wrong", name, "settings", f"LOTI_{setting.upper()} is {address.geturl()}: links with secrets in them travel unencrypted",
                "put TLS before it, and say https",
            )  # fmt: skip
    for setting in ("allow_private", "allow_http"):
        if getattr(settings, setting, False):
            yield Finding(
                "warning", name, "settings", f"LOTI_{setting.upper()} is set, which is for trying out on one machine",
                "take it away: whoever names an address could have this network asked",
            )  # fmt: skip
    host = str(getattr(settings, "smtp_host", ""))
    if host and getattr(settings, "smtp_tls", "") == "none" and not _here(host):
        yield Finding(
            "warning", name, "settings", f"mail goes to {host} without encryption",
            "set LOTI_SMTP_TLS=starttls, or tls where the relay listens on port 465",
        )  # fmt: skip


def _keys(name: str, settings: ServiceSettings) -> Iterator[Finding]:
    if name not in _KEYS:
        return
    setting = f"LOTI_{_KEYS[name].upper()}"
    told: SecretStr = getattr(settings, _KEYS[name])
    keys = [key for key in told.get_secret_value().split(",") if key]
    if not keys:
        yield Finding(
            "wrong", name, "settings", f"{setting} is empty", f"set it: {setting}=$(openssl rand -hex 32)"
        )
    elif short := [number for number, key in enumerate(keys, start=1) if len(key.strip()) < _LEAST_KEY]:
        yield Finding(
            "wrong", name, "settings", f"{setting}: key {short[0]} of {len(keys)} is shorter than {_LEAST_KEY} characters",
            "make one with `openssl rand -hex 32`, put it first, and take the old one away when what it signed has run out",
        )  # fmt: skip
    else:
        yield Finding(
            "good",
            name,
            "settings",
            f"{setting} holds {len(keys)} key{'s' if len(keys) > 1 else ''} that are long enough",
        )


def _here(host: str) -> bool:
    return host in ("", "localhost", "::1", "[::1]") or host.startswith("127.")
