"""What the services are told when they run on one machine, and how a command learns the same."""

import json
import os
from pathlib import Path

SERVICES = ("ingest", "salaries", "matching", "notify")

_POLL_EVERY = "2"
"""Seconds. The sample boards do not mind, and a change on one is seen while somebody watches."""


class NotHere(RuntimeError):
    """The data folder is not one that `loti up` ran on, or there is no such service."""


def environment() -> dict[str, str]:
    """Nothing of the caller's settings; only what a process needs to live."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONUNBUFFERED": "1"}


def service_settings(
    *, kafka: str, database: str, smtp: str, sources: Path, http_port: int
) -> dict[str, str]:
    """The settings of one service, by their names in the environment. `kafka` and `smtp` are host:port."""
    smtp_host, smtp_port = smtp.split(":")
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
        "LOTI_SMTP_HOST": smtp_host,
        "LOTI_SMTP_PORT": smtp_port,
    }


def settings_of(service: str, data: Path) -> dict[str, str]:
    """Where a service's database and the broker are, under a `loti up` on that folder. Raises NotHere."""
    if service not in SERVICES:
        raise NotHere(f"there is no service {service!r}; there are {', '.join(SERVICES)}")
    try:
        port = (data / "postgres" / "port").read_text().strip()
        password = json.loads((data / "postgres" / "passwords.json").read_text())[f"loti_{service}"]
        broker = next(data.glob("*/server.properties"), None)
        kafka = ((broker.parent if broker else data / "light-broker") / "port").read_text().strip()
    except (OSError, KeyError) as error:
        raise NotHere(
            f"{data} is not the data folder of a `loti up` ({error}); give it with --data"
        ) from error
    return {
        "LOTI_DATABASE": f"postgresql://loti_{service}:{password}@127.0.0.1:{port}/loti_{service}",
        "LOTI_KAFKA": f"127.0.0.1:{kafka}",
    }
