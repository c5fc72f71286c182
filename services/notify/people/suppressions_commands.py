"""`loti notify suppressions …`: addresses that mail must not go to. None is ever printed or logged."""

import sys
from typing import Annotated

import typer

from loti_contracts.delivery.database import Connection
from services.notify.people import suppression
from services.notify.people.address_keys import made_with
from services.notify.people.console import AsJson, addresses, keys, tell, with_database

app = typer.Typer(
    name="suppressions",
    help="Addresses that mail must not go to, by a keyed hash: no address is kept or shown.",
    no_args_is_help=True,
)
_Whom = Annotated[
    str,
    typer.Argument(
        metavar="CONTACT|-", help="A contact's id; - reads addresses from standard input, one a line."
    ),
]


@app.command("list")
def list_(
    most: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 100, as_json: AsJson = False
) -> None:
    """The list, newest first: why, since when, and which contacts have the address now."""
    known = keys("suppressions list")
    rows = with_database("suppressions list", lambda tx: suppression.listed(tx, most=most))
    listed = [
        {
            "contacts": row["contacts"],
            "reason": row["reason"],
            "why": row["why"],
            "since": row["since"],
            "hash": row["address_key"].hex()[:16],
            "key_known": made_with(row["address_key"], known),
        }
        for row in rows
    ]
    tell(
        listed,
        as_json,
        lambda row: (
            f"{row['since']:%Y-%m-%d %H:%M}  {row['reason']:<10}  {row['hash']}  "
            f"{', '.join(row['contacts']) or 'no contact'}  {row['why']}"
        ),
    )
    lost = sum(1 for row in listed if not row["key_known"] and not row["contacts"])
    if lost:
        sys.stderr.write(
            f"{lost} of these were hashed with a key that LOTI_LINK_KEYS has no more and stop nothing: put that key "
            "back, after the others, or add the addresses anew\n"
        )


@app.command()
def add(
    whom: _Whom,
    why: Annotated[str, typer.Option(help="In words, without addresses.")] = "by hand",
    as_json: AsJson = False,
) -> None:
    """Send no mail there any more, whatever it is about."""
    command = "suppressions add"

    async def listed(tx: Connection) -> list[bool]:
        if whom != "-":
            return [await suppression.suppress(tx, whom, reason="by hand", why=why)]
        return [
            await suppression.suppress_address(tx, address, keys=known, reason="by hand", why=why)
            for address in found
        ]

    known = keys(command)
    found = addresses(command) if whom == "-" else []
    _tell(with_database(command, listed), as_json, "listed", "listed already")


@app.command()
def remove(whom: _Whom, as_json: AsJson = False) -> None:
    """Mail may go there again. A question that could not be sent is asked anew; nobody is subscribed by this."""
    command = "suppressions remove"

    async def released(tx: Connection) -> list[bool]:
        if whom != "-":
            return [await suppression.release(tx, whom)]
        return [await suppression.release_address(tx, address, keys=known) for address in found]

    known = keys(command)
    found = addresses(command) if whom == "-" else []
    _tell(with_database(command, released), as_json, "removed", "not listed")


def _tell(news: list[bool], as_json: bool, done: str, before: str) -> None:
    counts = {done.replace(" ", "_"): sum(news), before.replace(" ", "_"): len(news) - sum(news)}
    tell([counts], as_json, lambda _: f"{sum(news)} {done}, {len(news) - sum(news)} {before}")
