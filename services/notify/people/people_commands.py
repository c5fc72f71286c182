"""`loti notify contacts|subscribe|unsubscribe|erase`: whom notify knows, by id; no name and no address is shown."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, get_args

import typer
from pydantic import ValidationError

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.forgetting import is_sweep
from loti_contracts.events import ContactRole, Frequency, Subscription, SubscriptionTopic
from services.notify.people import choices, erasure, store, suppressions_commands
from services.notify.people.consent import NotAsked
from services.notify.people.console import AsJson, refuse, tell, with_database
from services.notify.people.suggested import suggested

_Contact = Annotated[str, typer.Argument(metavar="CONTACT", help="The contact's id.")]


class _Consent(StrEnum):
    NOTHING_STATED = "nothing stated"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


def add_to(app: typer.Typer) -> None:
    """Put these commands under `loti notify`."""
    app.command("contacts")(contacts)
    app.command("subscribe")(subscribe)
    app.command("unsubscribe")(unsubscribe)
    app.command("erase")(erase)
    app.add_typer(suppressions_commands.app)


def contacts(
    consent: Annotated[_Consent | None, typer.Option(help="Only those whose consent stands so.")] = None,
    most: Annotated[int, typer.Option(min=1, help="How many, by id.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Contacts by id: what they are to whom, how their consent stands, and whether mail may go to them."""
    status = consent.value if consent else None
    rows = with_database("contacts", lambda tx: store.contacts(tx, status=status, most=most))
    tell(rows, as_json, _in_words)


def subscribe(
    contact: _Contact,
    topics: Annotated[
        list[str] | None,
        typer.Argument(metavar="TOPIC[=FREQUENCY]", help="Such as newsletter, or 'new role=weekly'."),
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="Instead of topics: what somebody in this role usually wants.")
    ] = None,
    borough: Annotated[
        list[str] | None, typer.Option(help="Only of this borough (GSS code); may be repeated.")
    ] = None,
) -> None:
    """Propose subscriptions to a contact. It gets one email that asks; nothing else is sent before its yes. What a
    contact has chosen by itself is not changed."""
    if bool(topics) == bool(role):
        refuse("subscribe", "give topics, or --role; topics are " + ", ".join(get_args(SubscriptionTopic)))
    wanted = _of_role(role) if role else tuple(_topic(text, borough or []) for text in topics or [])

    async def propose(tx: Connection) -> None:
        try:
            await choices.propose(tx, contact, wanted, now=datetime.now(UTC))
        except NotAsked as error:
            refuse("subscribe", f"{contact}: {error}")

    with_database("subscribe", propose)
    sys.stdout.write(f"{contact} is asked by email for: {', '.join(one.topic for one in wanted)}\n")


def unsubscribe(contact: _Contact) -> None:
    """Stop everything that a contact subscribed to, as its own link would. What it takes part in goes on."""
    with_database("unsubscribe", lambda tx: choices.withdraw(tx, contact, now=datetime.now(UTC)))
    sys.stdout.write(f"{contact} is unsubscribed from everything\n")


def erase(
    contact: _Contact,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask back.")] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Say it to everybody even if notify never heard of the contact.")
    ] = False,
) -> None:
    """Forget a person for good: here at once, and everywhere else by a tombstone on the contacts topic. What was told
    to it when stays, by id."""
    if not 0 < len(contact) <= 200 or is_sweep(contact):
        refuse("erase", "a contact's id has 1 to 200 characters, and does not begin like the ids of sweeps")
    if not yes:
        if not sys.stdin.isatty():
            refuse("erase", "it cannot be undone: add --yes")
        typer.confirm(f"Forget {contact} for good?", abort=True)

    async def forget(tx: Connection) -> None:
        if not unknown and await store.load(tx, contact) is None:
            raise choices.NoSuchContact(
                f"there is no contact {contact!r}, or it is erased already (see --unknown)"
            )
        await erasure.erase_everywhere(tx, contact, now=datetime.now(UTC))

    with_database("erase", forget)
    sys.stdout.write(f"{contact} is forgotten here, and everybody who reads the topics is told\n")


def _topic(text: str, boroughs: list[str]) -> Subscription:
    topic, _, frequency = (part.strip() for part in text.partition("="))
    if topic not in get_args(SubscriptionTopic):
        refuse("subscribe", f"{topic!r} is no topic; they are {', '.join(get_args(SubscriptionTopic))}")
    if frequency and frequency not in get_args(Frequency):
        refuse("subscribe", f"{frequency!r} is no frequency; they are {', '.join(get_args(Frequency))}")
    facts = {"topic": topic, "boroughs": boroughs} | ({"frequency": frequency} if frequency else {})
    try:
        return Subscription.model_validate(facts)
    except ValidationError as error:
        refuse(
            "subscribe", f"a borough is given by its GSS code, such as E09000007: {error.errors()[0]['msg']}"
        )


def _of_role(role: str) -> tuple[Subscription, ...]:
    known: dict[str, ContactRole] = {name.casefold(): name for name in get_args(ContactRole)}
    if role.casefold() not in known:
        refuse("subscribe", f"{role!r} is no role; they are {', '.join(get_args(ContactRole))}")
    wanted = suggested([known[role.casefold()]])
    if not wanted:
        refuse("subscribe", f"nothing is suggested to a {role}: it hears of its matches without subscribing")
    return wanted


def _in_words(row: dict[str, Any]) -> str:
    topics = ", ".join(one["topic"] for one in row["subscriptions"] or [])
    return "  ".join(
        filter(
            None,
            (
                row["id"],
                ", ".join(row["roles"] or []) or "no role",
                row["borough"],
                row["consent"] + (f" until {row['renew_by']}" if row["consent"] == "confirmed" else ""),
                topics,
                f"no mail: {row['suppressed']}" if row["suppressed"] else "",
            ),
        )
    )
