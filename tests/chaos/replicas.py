"""One process of a service, of several, as the system under faults runs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.programs import Program
from deploy.local.server import remembered_port
from deploy.local.settings import (
    environment,
    mail_settings,
    portal_settings,
    service_settings,
    webhook_settings,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every replica is told. `kafka` and `smtp` are each service's own ways, `databases` each service's DSN as it is
    without a way, `pages` where each service's pages are reached."""

    folder: Path
    sources: Path
    copies: int
    kafka: Mapping[str, str]
    smtp: Mapping[str, str]
    databases: Mapping[str, str]
    pages: Mapping[str, str]


def replica(
    name: str, around: Surroundings, *, database: str, more: Mapping[str, str] | None = None
) -> Program:
    """The process `name`, such as `salaries-2`, whose database is reached at `database` (host:port).

    It has its own port for health, and for pages where its service has pages; the first replica's are the public ones.
    Every setting that is not an address is the default, but how often sample boards are read.
    """
    service = name.partition("-")[0]
    folder = around.folder
    http = remembered_port(folder / f"{name}-port")
    dsn = around.databases[service]
    settings = service_settings(
        kafka=around.kafka[service],
        database=dsn.replace(dsn.rpartition("@")[2].partition("/")[0], database),
        sources=around.sources,
        http_port=http,
    )
    settings["LOTI_REPLICATION"] = str(around.copies)
    first = name == f"{service}-1"
    if service == "notify":
        settings |= mail_settings(folder, smtp=around.smtp[service], pages=around.pages[service])
        settings["LOTI_WEB_PORT"] = _port(around.pages[service]) if first else _own(folder, name)
    if service == "portal":
        settings |= portal_settings(folder, smtp=around.smtp[service], pages=around.pages[service])
        settings["LOTI_PORTAL_PORT"] = _port(around.pages[service]) if first else _own(folder, name)
    if service == "webhooks":
        settings |= webhook_settings(folder, port=remembered_port(folder / f"{name}-events-port"))
    return Program(
        name,
        f"services.{service}.app",
        folder / "logs" / f"{name}.log",
        environment=environment() | settings | dict(more or {}),
        health=f"http://127.0.0.1:{http}/health",
    )


def _port(url: str) -> str:
    return url.rstrip("/").rpartition(":")[2]


def _own(folder: Path, name: str) -> str:
    return str(remembered_port(folder / f"{name}-pages-port"))
