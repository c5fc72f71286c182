"""Which programs of ours `loti up` runs, where each answers, and what it is told."""

from collections.abc import Mapping
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


def addresses(data: Path, portal: int | None) -> Mapping[str, str]:
    """Where each answers, by the ports of the last start while they are free; `portal` is the port that was asked for.

    Raises StartFailed where that is in use.
    """
    return {
        "portal": _page(remembered_port(data / "portal-pages-port", portal)),
        "mail": _page(remembered_port(data / "mail-port")),
        "boards": _page(remembered_port(data / "boards-port")),
        "smtp": f"127.0.0.1:{remembered_port(data / 'smtp-port')}",
        "pages": _page(remembered_port(data / "notify-pages-port")),
    }


def mail_catcher(data: Path, at: Mapping[str, str]) -> Program:
    """Takes every mail, and shows it."""
    ports = ("--smtp-port", at["smtp"].rpartition(":")[2], "--http-port", _port(at["mail"]))
    return Program(
        "the mail catcher",
        "deploy.local.mailcatcher",
        log(data, "mailcatcher"),
        (*ports, "--data", str(data / "mails")),
        environment(),
    )


def sample_boards(data: Path, at: Mapping[str, str]) -> Program:
    """The boroughs' boards."""
    return Program(
        "the sample boards",
        "deploy.local.boards",
        log(data, "boards"),
        ("--port", _port(at["boards"])),
        environment(),
    )


def sample_people(data: Path, at: Mapping[str, str], kafka: str) -> Program:
    """Who asks for help, offers it and answers."""
    return Program(
        "the sample people",
        "deploy.local.people",
        log(data, "people"),
        ("--kafka", kafka, "--mails", at["mail"]),
        environment(),
    )


def service(
    data: Path, at: Mapping[str, str], name: str, *, kafka: str, database: str, sources: Path, light: bool
) -> Program:
    """One of the services. `sources` is the list of boards that ingest reads; `light`: the broker is the light one."""
    port = remembered_port(data / f"{name}-port")
    settings = service_settings(kafka=kafka, database=database, sources=sources, http_port=port)
    if name == "notify":
        settings |= mail_settings(data, smtp=at["smtp"], pages=at["pages"])
    if name == "portal":
        settings |= portal_settings(data, smtp=at["smtp"], pages=at["portal"])
    if name == "webhooks":
        settings |= webhook_settings(data, port=remembered_port(data / "events-port"))
    if light:
        settings["LOTI_MEMBER"] = f"{name}-1"
    return Program(
        name,
        f"services.{name}.app",
        log(data, name),
        environment=environment() | settings,
        health=f"http://127.0.0.1:{port}/health",
    )


def log(data: Path, name: str) -> Path:
    """Where a program's output goes."""
    return data / "logs" / f"{name}.log"


def _page(port: int) -> str:
    return f"http://127.0.0.1:{port}/"


def _port(address: str) -> str:
    return address.rstrip("/").rpartition(":")[2]
