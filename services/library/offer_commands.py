"""`loti library add`, `import-structure` and `template`: from a file to a draft that waits for a review."""

import asyncio
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from loti_contracts.events import Content, Draft, ItemKind
from loti_contracts.structures import TEMPLATE as STRUCTURE
from loti_contracts.structures import StructureRefused, read_structure, structure_text
from services.library import console, store
from services.library.contents import faults
from services.library.markdown_file import TEMPLATE, FileRefused, gss_of, read_item_file

_NAMESPACE = uuid.UUID("6d0f4be2-9a55-5d4c-8c7e-1f3a2b9c4d5e")

ItemId = Annotated[str | None, typer.Option("--item", help="The item that it changes; a new one otherwise.")]
By = Annotated[str | None, typer.Option("--by", help="The id of the contact who offers it.")]


def add(
    file: Annotated[Path, typer.Argument(help="Markdown with facts above it; - reads stdin.")],
    item: ItemId = None,
    by: By = None,
) -> None:
    """Offer what a file says; it waits for a review. The same file again changes its draft."""
    try:
        read = read_item_file(console.text_of(file))
    except FileRefused as error:
        console.stop(f"{file} is refused:\n  " + "\n  ".join(error.problems), code=2)
    _offer(read.kind, read.content, item=item, by=by)


def import_structure(
    file: Annotated[Path, typer.Argument(help="CSV of posts; `loti library template structure` prints one.")],
    title: Annotated[str, typer.Option(help="Such as: Camden's digital team, 2026.")],
    borough: Annotated[str, typer.Option(help="Whose it is, by name or GSS code.")],
    summary: Annotated[str, typer.Option(help="A sentence or two.")] = "",
    licence: Annotated[str | None, typer.Option(help="Such as OGL-UK-3.0.")] = None,
    item: ItemId = None,
    by: By = None,
) -> None:
    """Offer a team structure from a CSV file; it waits for a review."""
    try:
        gss = gss_of(borough)
        posts = read_structure(structure_text(console.content_of(file)))
    except StructureRefused as error:
        console.stop(f"{file} is refused:\n  " + "\n  ".join(str(one) for one in error.faults), code=2)
    except ValueError as error:
        console.stop(str(error), code=2)
    if not 0 < len(title.strip()) <= 300 or len(summary) > 2_000 or len(licence or "") > 100:
        console.stop(
            "title takes 1 to 300 characters, summary up to 2,000, licence up to 100; shorten it", code=2
        )
    content = Content(title=title.strip(), summary=summary, licence=licence, boroughs=(gss,), posts=posts)
    _offer("team structure", content, item=item, by=by)


def template(
    what: Annotated[
        str, typer.Argument(help="item (Markdown for `add`) or structure (CSV for `import-structure`).")
    ],
) -> None:
    """Print a file to start from."""
    if what not in ("item", "structure"):
        console.stop(f"there is no template {what!r}; there are item and structure", code=2)
    print(TEMPLATE if what == "item" else STRUCTURE, end="")


def _offer(kind: ItemKind, content: Content, *, item: str | None, by: str | None) -> None:
    for name, id_ in (("--item", item), ("--by", by)):
        if id_ is not None and not 0 < len(id_) <= 200:
            console.stop(f"{name} takes an id of 1 to 200 characters", code=2)
    found = faults(kind, content)
    if found:
        console.stop("it cannot be published like this:\n  " + "\n  ".join(found), code=2)
    draft = asyncio.run(_keep(kind, content, item=item, by=by))
    print(f"{draft.id} waits for a review, in revision {draft.revision}, to be {draft.item_id}.")


async def _keep(kind: ItemKind, content: Content, *, item: str | None, by: str | None) -> Draft:
    async with console.changing() as tx:
        before_item = await store.load_item(tx, item) if item else None
        if item and before_item is None:
            console.stop(f"there is no item {item!r}; `loti library list` names them", code=2)
        if before_item is not None and before_item.kind != kind:
            console.stop(f"{item} is a {before_item.kind}, and stays one; this is a {kind}", code=2)
        id_ = str(uuid.uuid5(_NAMESPACE, f"{kind}\n{item or content.title}\n{by or ''}"))
        before, _ = await store.load_draft(tx, id_)
        if before is not None and before.status == "waiting" and before.content == content:
            return before
        after = Draft(
            id=id_,
            revision=(before.revision if before else 0) + 1,
            item_id=item or (before.item_id if before else f"item-{id_}"),
            kind=kind,
            origin="contributed",
            status="waiting",
            content=content,
            contact_id=by,
            made_at=before.made_at if before else datetime.now(UTC),
        )
        await console.librarian().keep_draft(tx, before, after)
        return after
