"""`loti library list`, `show`, `search`, `gaps` and `drafts`: what there is, and what is missing."""

import asyncio
import json
from typing import Annotated, Any, get_args

import typer

from loti_contracts.events import Draft, ExemplarGap, ItemKind, LibraryItem
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.library import console, gap_store, store
from services.library.markdown_file import gss_of

KINDS: tuple[str, ...] = get_args(ItemKind)
STATUSES: tuple[str, ...] = ("waiting", "published", "returned", "withdrawn", "superseded")

AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines instead of text.")]
OfKind = Annotated[str | None, typer.Option("--kind", help=f"Only one of: {', '.join(KINDS)}.")]


def show_items(
    kind: OfKind = None,
    role: Annotated[str | None, typer.Option(help="Only what is about this standard role.")] = None,
    level: Annotated[str | None, typer.Option(help="Only what is about this level.")] = None,
    borough: Annotated[str | None, typer.Option(help="Only this authority's, by name or GSS code.")] = None,
    retired: Annotated[bool, typer.Option("--retired", help="With what is not to be used any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """What is in the library, the newest first."""
    wanted = {"kind": _one_of(KINDS, kind, "kind"), "level": _one_of(LEVELS, level, "level"), "retired": retired,
              "standard_role": _role(role), "borough": _borough(borough)}  # fmt: skip
    _print_items(asyncio.run(_items(wanted)), as_json=as_json)


def show_search(
    words: Annotated[list[str], typer.Argument(help="What is looked for; slips in spelling are forgiven.")],
    kind: OfKind = None,
    most: Annotated[int, typer.Option(min=1, max=1_000, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """What is published about these words, the best first."""

    async def find() -> list[LibraryItem]:
        async with console.database() as connection:
            return await store.search(
                connection, " ".join(words), kind=_one_of(KINDS, kind, "kind"), most=most
            )

    _print_items(asyncio.run(find()), as_json=as_json)


def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Of an item or a draft.")],
    history: Annotated[bool, typer.Option("--history", help="Every revision of an item.")] = False,
    as_json: AsJson = False,
) -> None:
    """One item or draft, whole."""
    found = asyncio.run(_thing(id_, history=history))
    if not found:
        console.stop(f"there is no item or draft {id_!r}; `loti library list` and `drafts` name them")
    for thing in found:
        print(thing.model_dump_json() if as_json else _whole(thing))


def show_drafts(
    status: Annotated[str | None, typer.Option(help=f"One of: {', '.join(STATUSES)}.")] = "waiting",
    everything: Annotated[bool, typer.Option("--all", help="Whatever became of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """What waits for a review."""
    wanted = None if everything else _one_of(STATUSES, status, "status")

    async def load() -> list[Draft]:
        async with console.database() as connection:
            return list(await store.list_drafts(connection, status=wanted))

    drafts = asyncio.run(load())
    for one in drafts:
        print(one.model_dump_json() if as_json else _draft_line(one))
    if not drafts and not as_json:
        print("No draft." if everything else f"No draft is {wanted}.")


def show_gaps(
    everything: Annotated[bool, typer.Option("--all", help="Also what is covered by now.")] = False,
    as_json: AsJson = False,
) -> None:
    """What is advertised without an exemplar job description, or with an old one."""

    async def load() -> list[tuple[ExemplarGap, str | None]]:
        async with console.database() as connection:
            return await gap_store.list_gaps(connection, everything=everything)

    gaps = asyncio.run(load())
    for gap, because in gaps:
        if as_json:
            print(json.dumps(gap.model_dump(mode="json") | {"no_draft_because": because}, ensure_ascii=False))
            continue
        print(f"{gap.status:8} {gap.sentence}")
        if gap.status != "covered":
            print(f"         {f'draft: {gap.draft_id}' if gap.draft_id else because or 'No draft yet.'}")
    if not gaps and not as_json:
        print("Nothing is missing.")


async def _items(wanted: dict[str, Any]) -> list[LibraryItem]:
    async with console.database() as connection:
        return await store.list_items(connection, **wanted)


async def _thing(id_: str, *, history: bool) -> list[LibraryItem | Draft]:
    async with console.database() as connection:
        if history:
            return [item for item, _ in await store.load_item_revisions(connection, id_)]
        item = await store.load_item(connection, id_)
        draft = None if item else (await store.load_draft(connection, id_))[0]
        return [one for one in (item, draft) if one is not None]


def _print_items(items: list[LibraryItem], *, as_json: bool) -> None:
    for item in items:
        print(item.model_dump_json() if as_json else _item_line(item))
    if not items and not as_json:
        print("Nothing found.")


def _item_line(item: LibraryItem) -> str:
    version = f"version {item.version}" if item.version else "version not counted"
    whose = ", ".join(authorities()[gss].name for gss in item.boroughs if gss in authorities())
    about = [item.kind, version, f"{item.published_at:%Y-%m-%d}", whose]
    about += ["RETIRED"] if item.status == "retired" else []
    return f"{item.id}  {item.title}\n   {' · '.join(part for part in about if part)}"


def _draft_line(draft: Draft) -> str:
    by = "assembled" if draft.origin == "assembled" else f"offered by {draft.contact_id or 'nobody'}"
    lines = [
        f"{draft.id}  {draft.content.title}",
        f"   {draft.kind} · {draft.status} · {by} · revision {draft.revision}",
    ]
    return "\n".join([*lines, *([f"   {draft.why}"] if draft.why else [])])


def _whole(thing: LibraryItem | Draft) -> str:
    head = _item_line(thing) if isinstance(thing, LibraryItem) else _draft_line(thing)
    content = thing if isinstance(thing, LibraryItem) else thing.content
    posts = [f"{post.count} × {post.title}, under {post.reports_to or 'nobody'}" for post in content.posts]
    when = content.happening and f"{content.happening.starts_at:%Y-%m-%d %H:%M} UTC"
    parts = [head, content.summary, when, content.body, "\n".join(posts), content.link]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _one_of(known: tuple[str, ...], value: str | None, what: str) -> str | None:
    if value is not None and value not in known:
        console.stop(f"there is no {what} {value!r}; there are {', '.join(known)}", code=2)
    return value


def _role(name: str | None) -> str | None:
    by_plain = {role.casefold(): role for role in standard_roles()}
    if name is not None and name.casefold() not in by_plain:
        console.stop(f"there is no standard role {name!r}; write it as the framework does", code=2)
    return by_plain[name.casefold()] if name is not None else None


def _borough(name: str | None) -> str | None:
    try:
        return gss_of(name) if name is not None else None
    except ValueError as error:
        console.stop(str(error), code=2)
