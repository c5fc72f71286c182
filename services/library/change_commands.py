"""`loti library publish`, `return` and `retire`: what a reviewer does, from the shell."""

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from loti_contracts.events import Content, Draft, Review
from services.library import console, store
from services.library.reviewing import NothingToRetire

DraftId = Annotated[str, typer.Argument(metavar="DRAFT", help="`loti library drafts` names them.")]
Seen = Annotated[
    int | None, typer.Option("--revision", min=1, help="As you saw it; a newer one is left alone.")
]
By = Annotated[str, typer.Option("--by", help="The id of the contact who reviews.")]


def publish(
    draft: DraftId,
    revision: Seen = None,
    licence: Annotated[str | None, typer.Option(help="Under which others may use it: OGL-UK-3.0.")] = None,
    why: Annotated[str | None, typer.Option(help="For the one who offered it.")] = None,
    by: By = "loti",
) -> None:
    """Publish a draft. The marks of an assembled one go; its sources stay beside it."""
    after = asyncio.run(_review(draft, "publish", revision, why, by, licence=licence))
    print(f"{after.item_id} is published.")


def return_(
    draft: DraftId,
    why: Annotated[str, typer.Option(help="For the one who offered it: what is to be better.")],
    revision: Seen = None,
    by: By = "loti",
) -> None:
    """Return a draft to the one who offered it."""
    after = asyncio.run(_review(draft, "return", revision, why, by))
    print(f"{after.id} is returned.")


def retire(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="`loti library list` names them.")],
) -> None:
    """Take an item out of use."""

    async def change() -> None:
        async with console.changing() as tx:
            await console.librarian().retire(tx, item)

    try:
        asyncio.run(change())
    except NothingToRetire as error:
        console.stop(str(error))
    print(f"{item} is retired.")


async def _review(
    draft_id: str,
    verdict: Literal["publish", "return"],
    revision: int | None,
    why: str | None,
    by: str,
    *,
    licence: str | None = None,
) -> Draft:
    """The draft after the review, or the end of the command with why nothing was done; then nothing is said either."""
    if len(why or "") > 2_000 or not 0 < len(by) <= 200 or len(licence or "") > 100:
        console.stop(
            "--why takes up to 2,000 characters, --licence up to 100, --by 1 to 200; shorten it", code=2
        )
    async with console.changing() as tx:
        draft, _ = await store.load_draft(tx, draft_id)
        if draft is None:
            console.stop(f"there is no draft {draft_id!r}; `loti library drafts` names them")
        content: Content | None = draft.content.model_copy(update={"licence": licence}) if licence else None
        review = Review(
            id=f"review-{uuid.uuid4()}",
            revision=1,
            draft_id=draft_id,
            draft_revision=revision,
            verdict=verdict,
            content=content,
            why=why,
            contact_id=by,
            stated_at=datetime.now(UTC),
        )
        after = await console.librarian().review(tx, draft, review)
        if after.reviewed_at == draft.reviewed_at:
            console.stop(after.why or "nothing was done")
        return after
