"""What the services are told when they run on one machine, and how a command learns the same."""

import json
import os
import secrets
import tempfile
from pathlib import Path

SERVICES = ("ingest", "salaries", "matching", "notify", "library", "portal", "webhooks")

_POLL_EVERY = "2"
"""Seconds. The sample boards do not mind, and a change on one is seen while somebody watches."""


class NotHere(RuntimeError):
    """The data folder is not one that `loti up` ran on, or there is no such service."""


def environment() -> dict[str, str]:
    """Nothing of the caller's settings but where traces go; only what a process needs to live."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "TZ", "LOTI_TRACES")
    found = {name: of for name, of in os.environ.items() if name in kept or name.startswith("OTEL_")}
    return found | {"PYTHONUNBUFFERED": "1"}


def service_settings(*, kafka: str, database: str, sources: Path, http_port: int) -> dict[str, str]:
    """The settings of one service, by their names in the environment. `kafka` is host:port."""
    return {
        "LOTI_KAFKA": kafka,
        "LOTI_DATABASE": database,
        "LOTI_HTTP_PORT": str(http_port),
        "LOTI_SOURCES": str(sources),
        "LOTI_ALLOW_PRIVATE": "true",
        "LOTI_POLL_EVERY": _POLL_EVERY,
        # All sample boards are one host: what is polite to a stranger would only be slow here.
        "LOTI_HOST_INTERVAL": "0",
        "LOTI_HOST_AT_ONCE": "8",
        "LOTI_HOST_RESTS": "false",
    }


def mail_settings(data: Path, *, smtp: str, pages: str) -> dict[str, str]:
    """What notify needs beside: the relay (host:port), where its pages are, and the key that signs their links."""
    smtp_host, smtp_port = smtp.split(":")
    return {
        "LOTI_SMTP_HOST": smtp_host,
        "LOTI_SMTP_PORT": smtp_port,
        "LOTI_PUBLIC_URL": pages.rstrip("/"),
        "LOTI_WEB_PORT": pages.rstrip("/").rpartition(":")[2],
        "LOTI_LINK_KEYS": _secret(data / "link-key"),
    }


def portal_settings(data: Path, *, smtp: str, pages: str) -> dict[str, str]:
    """What the portal needs beside: the relay for sign-in links, where it is, and the key that signs its cookies."""
    smtp_host, smtp_port = smtp.split(":")
    return {
        "LOTI_SMTP_HOST": smtp_host,
        "LOTI_SMTP_PORT": smtp_port,
        "LOTI_PORTAL_URL": pages.rstrip("/"),
        "LOTI_PORTAL_PORT": pages.rstrip("/").rpartition(":")[2],
        "LOTI_SESSION_KEYS": _secret(data / "session-key"),
    }


def webhook_settings(data: Path, *, port: int) -> dict[str, str]:
    """What webhooks needs beside: where its events are pulled, endpoints on this machine, and the key that seals their
    secrets."""
    return {
        "LOTI_EVENTS_PORT": str(port),
        "LOTI_ALLOW_PRIVATE": "true",
        "LOTI_ALLOW_HTTP": "true",
        "LOTI_WEBHOOK_KEYS": _secret(data / "webhook-key"),
    }


def _secret(kept: Path) -> str:
    """Made at the first asking and kept in the data folder (mode 0600), so that what it signed goes on being believed."""
    if not kept.exists():
        with tempfile.NamedTemporaryFile("w", dir=kept.parent, delete=False) as fresh:  # made with mode 0600
            fresh.write(secrets.token_hex(32))
        Path(fresh.name).replace(kept)
    return kept.read_text().strip()


def settings_of(service: str, data: Path) -> dict[str, str]:
    """Where a service's database and the broker are, under a `loti up` on that folder. Raises NotHere."""
    if service not in SERVICES:
        raise NotHere(f"there is no service {service!r}; there are {', '.join(SERVICES)}")
    try:
        port = (data / "postgres" / "port").read_text().strip()
        password = json.loads((data / "postgres" / "passwords.json").read_text())[f"loti_{service}"]
        broker = next(data.glob("*/server.properties"), None)
        kafka = ((broker.parent if broker else data / "light-broker") / "port").read_text().strip()
        more = _more_settings_of(service, data)
    except (OSError, KeyError) as error:
        raise NotHere(
            f"{data} is not the data folder of a `loti up` ({error}); give it with --data"
        ) from error
    return {
        "LOTI_DATABASE": f"postgresql://loti_{service}:{password}@127.0.0.1:{port}/loti_{service}",
        "LOTI_KAFKA": f"127.0.0.1:{kafka}",
    } | more


def health_addresses(data: Path) -> dict[str, str]:
    """host:port of each service's health page, under a `loti up` on that folder. Raises NotHere."""
    try:
        return {name: f"127.0.0.1:{int((data / f'{name}-port').read_text())}" for name in SERVICES}
    except (OSError, ValueError) as error:
        raise NotHere(
            f"{data} is not the data folder of a `loti up` ({error}); give it with --data"
        ) from error


def _more_settings_of(service: str, data: Path) -> dict[str, str]:
    if service == "webhooks":
        return webhook_settings(data, port=int((data / "events-port").read_text()))
    if service not in ("notify", "portal"):
        return {}
    which, made = (
        ("notify-pages-port", mail_settings)
        if service == "notify"
        else ("portal-pages-port", portal_settings)
    )
    smtp, pages = ((data / name).read_text().strip() for name in ("smtp-port", which))
    return made(data, smtp=f"127.0.0.1:{smtp}", pages=f"http://127.0.0.1:{pages}/")
