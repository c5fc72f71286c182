"""Somebody at a browser: signs in by mail, asks for help by the form, again and again, whatever the portal answers meanwhile."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg
import httpx2
from selectolax.lexbor import LexborHTMLParser

from loti_contracts.delivery.waiting import wait_for_any
from tests.chaos.addresses import Addresses
from tests.chaos.flow_saying import AGAIN_FOR, NotTaken, until_taken
from tests.chaos.ledger import Asked, Ledger

ADDRESS: Final = "flow-asking@people.example.org"


class _NotNow(Exception):
    """The page was not what it should be; it is tried again from the start."""


async def visit(
    addresses: Addresses, ledger: Ledger, contact_id: str, stopping: asyncio.Event, *, every: float
) -> None:
    """Ask for help every so many seconds until `stopping`. What was sent and not answered is sent again, as it was.

    The one who asks must have been stated as a contact with ADDRESS.
    """
    await until_taken("the contact who asks on the portal", lambda: _known(addresses, contact_id))
    async with httpx2.AsyncClient(base_url=addresses.portal, timeout=20) as client:
        number = 0
        while not await wait_for_any(stopping, timeout=every):
            number += 1
            note = f"Asked on the portal, the {number}th time of run {ledger.seed}."
            request_id = await _ask(client, addresses, ledger, note, stopping)
            if request_id is not None:
                ledger.forms.append(Asked(datetime.now(UTC), contact_id, request_id, note))


async def _known(addresses: Addresses, contact_id: str) -> None:
    """Wait until the portal has heard of who will sign in: whoever asks for a link before gets none, and may not ask often."""
    connection = await asyncpg.connect(addresses.databases["portal"], timeout=10)
    try:
        while not await connection.fetchval("SELECT count(*) FROM contact WHERE id = $1", contact_id):
            await asyncio.sleep(0.5)
    finally:
        await connection.close()


async def _ask(
    client: httpx2.AsyncClient, addresses: Addresses, ledger: Ledger, note: str, stopping: asyncio.Event
) -> str | None:
    """The id of the request; None where the flow stops before anything was sent. What was sent is sent until it is
    answered: nobody knows otherwise whether it was taken. Raises NotTaken."""
    form: dict[str, Any] | None = None
    sent = False
    until = asyncio.get_running_loop().time() + AGAIN_FOR
    while asyncio.get_running_loop().time() < until:
        try:
            fresh = await _form(client, addresses, note)
            # The same form with the token of who is signed in now: sent again, it is the same request.
            form = fresh if form is None else form | {"csrf": fresh["csrf"]}
            sent = True
            return await _send(client, form)
        except (_NotNow, httpx2.HTTPError, OSError, TimeoutError) as error:
            ledger.note(f"the portal: {type(error).__name__} {error}")
            await asyncio.sleep(1)
            if stopping.is_set() and not sent:
                return None
    raise NotTaken(f"the portal took no form for {AGAIN_FOR:g} s; the last: {ledger.notes[-1]}")


async def _form(client: httpx2.AsyncClient, addresses: Addresses, note: str) -> dict[str, Any]:
    """A fresh form, filled in."""
    page = await client.get("/help/ask/recruiter")
    if page.status_code in (302, 303):
        await _sign_in(client, addresses)
        page = await client.get("/help/ask/recruiter")
    fields = _fields(page, "form_id")
    return fields | {"standard_role": "Data engineer", "note": note}


async def _send(client: httpx2.AsyncClient, form: dict[str, Any]) -> str:
    """The id of the request that was made of it."""
    answer = await client.post("/help/ask/recruiter", data=form)
    path = urlsplit(answer.headers.get("location", "")).path
    if answer.status_code != 303 or not path.startswith("/help/requests/"):
        raise _NotNow(f"POST /help/ask answered {answer.status_code}")
    return path.rpartition("/")[2]


async def _sign_in(client: httpx2.AsyncClient, addresses: Addresses) -> None:
    """Ask for a link, wait for its mail, use it."""
    client.cookies.clear()
    asked = datetime.now(UTC)
    fields = _fields(await client.get("/sign-in"), "email")
    answer = await client.post("/sign-in", data=fields | {"email": ADDRESS})
    if answer.status_code != 303:
        raise _NotNow(f"POST /sign-in answered {answer.status_code}")
    link = await _mailed_link(addresses, asked)
    fields = _fields(await client.get(link), "csrf")
    answer = await client.post(link, data=fields)
    if answer.status_code != 303:
        raise _NotNow(f"the link answered {answer.status_code}")


async def _mailed_link(addresses: Addresses, asked: datetime) -> str:
    """The path of the newest link that was mailed since."""
    async with asyncio.timeout(60), httpx2.AsyncClient(base_url=addresses.mails, timeout=10) as client:
        while True:
            answer = await client.get("/mails.json", params={"to": ADDRESS})
            for mail in answer.raise_for_status().json():
                if datetime.fromisoformat(mail["received_at"]) >= asked:
                    for word in str(mail["text"]).split():
                        if urlsplit(word).path.startswith("/sign-in/"):
                            return urlsplit(word).path
            await asyncio.sleep(0.5)


def _fields(page: httpx2.Response, having: str) -> dict[str, Any]:
    """What a press of its button would send, of the form on the page that has such a field."""
    if page.status_code != 200:
        raise _NotNow(f"{page.request.url.path} answered {page.status_code}")
    for form in LexborHTMLParser(page.text).css("main form"):
        sent = {
            str(field.attributes["name"]): field.attributes.get("value") or ""
            for field in form.css("input[name]")
            if field.attributes.get("type") not in ("checkbox", "radio") or "checked" in field.attributes
        }
        if having in sent:
            return sent
    raise _NotNow(f"{page.request.url.path} has no form with {having}")
