"""`loti portal sessions` and `loti portal end-sessions`: who is signed in, by hand."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from loti_contracts.delivery import commands
from loti_contracts.events import Contact
from services.portal.heard.store import newest
from services.portal.saying.say import audit
from services.portal.settings import PortalSettings
from services.portal.signin.sessions import end_all, running
from services.portal.signin.visitor import ANYBODY

_SERVICE = "portal"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("sessions")(sessions)
    app.command("end-sessions")(end_sessions)


def sessions(as_json: Annotated[bool, typer.Option("--json", help="JSON Lines.")] = False) -> None:
    """Which contacts are signed in, how often, and until when. No names, no addresses."""

    async def listed() -> list[dict[str, Any]]:
        settings = commands.settings_of(_SERVICE, PortalSettings)
        async with commands.database_of(_SERVICE, settings) as connection:
            return await running(connection, now=datetime.now(UTC))

    rows = asyncio.run(listed())
    for row in rows:
        if as_json:
            print(json.dumps(row | {name: row[name].isoformat() for name in ("since", "until")}))
        else:
            print(
                f"{row['contact_id']}  {row['sessions']}  "
                f"since {row['since']:%Y-%m-%d %H:%M}  until {row['until']:%Y-%m-%d %H:%M} UTC"
            )
    if not rows and not as_json:
        print("Nobody is signed in.")


def end_sessions(
    contact: Annotated[
        str, typer.Argument(help="The contact's id; `loti portal sessions` shows who there is.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Sign a contact out everywhere, such as when a device is lost."""

    async def ended() -> int:
        settings = commands.settings_of(_SERVICE, PortalSettings)
        async with commands.database_of(_SERVICE, settings) as connection, connection.transaction():
            if await newest(connection, Contact, contact) is None:
                commands.stop(
                    _SERVICE, f"there is no contact {contact!r}: `loti portal sessions` shows who there is"
                )
            found = await end_all(connection, contact)
            await audit(connection, ANYBODY, "signed somebody out by hand", subject=contact)
            return found

    found = asyncio.run(ended())
    words = {0: "It was not signed in.", 1: "1 session ended."}.get(found, f"{found} sessions ended.")
    print(json.dumps({"contact_id": contact, "ended": found}) if as_json else words)
