"""The drafts that are assembled for what is missing, on a real database."""

from datetime import timedelta
from typing import Any

import pytest

from loti_contracts.events import DraftChanged
from services.library import gap_store
from services.library.rules import Rules
from tests.library.hearing import Library
from tests.library.making import (
    BARNET,
    CAMDEN,
    DUTIES,
    HACKNEY,
    NOON,
    a_review,
    a_role,
    an_exemplar,
    an_offer,
    closed,
)

DRAFT = "draft-data-analyst-senior"
LATER = NOON + timedelta(days=760)


@pytest.fixture
def library(db: Any) -> Library:
    """The library, at noon."""
    return Library(db)


async def test_a_draft_is_assembled_from_what_adverts_have_in_common(library: Library) -> None:
    """Two boroughs' adverts become a draft that is marked as one, names its sources and leaves the licence open."""
    await library.hear(a_role(), a_role(borough=HACKNEY))
    await library.turn()
    draft = await library.draft(DRAFT)
    assert (draft.origin, draft.status, draft.contact_id, draft.kind) == (
        "assembled", "waiting", None, "job description",
    )  # fmt: skip
    said = draft.content
    assert said.title == "Draft: Senior data analyst"
    assert "This is a draft." in (said.body or "")
    assert f"- {DUTIES[0]} *(2 of 2 adverts: 1, 2)*" in (said.body or "")
    assert (said.licence, [one.role_id for one in said.made_from]) == (None, ["role-camden", "role-hackney"])
    assert (await library.gap()).draft_id == DRAFT
    count = len(await library.said())
    await library.turn()
    assert len(await library.said()) == count


async def test_an_assembled_draft_is_published_without_its_marks(library: Library) -> None:
    """Once a reviewer publishes it, it is no draft any more: its marks go, its sources stay beside it."""
    await library.hear(a_role(), a_role(borough=HACKNEY))
    await library.turn()
    await library.hear(a_review(draft_id=DRAFT))
    item = await library.item("exemplar-data-analyst-senior")
    assert item.title == "Senior data analyst"
    assert "draft" not in f"{item.summary}{item.body}".lower()
    assert "adverts:" not in (item.body or "")
    assert len(item.made_from) == 2
    assert (await library.gap()).status == "covered"


async def test_a_draft_follows_its_adverts_until_an_exemplar_stands_there(library: Library) -> None:
    """Another advert makes the draft anew, in its next revision; an exemplar of somebody else's supersedes it."""
    await library.hear(a_role(), a_role(borough=HACKNEY))
    await library.turn()
    await library.hear(a_role(borough=BARNET))
    await library.turn()
    draft = await library.draft(DRAFT)
    assert (draft.revision, len(draft.content.made_from)) == (2, 3)
    await library.hear(an_offer(), a_review())
    draft = await library.draft(DRAFT)
    assert draft.status == "superseded"
    assert "item-1" in (draft.why or "")


async def test_a_returned_draft_comes_back_only_with_something_new(library: Library) -> None:
    """A reviewer who returned an assembled draft is not asked the same again."""
    await library.hear(a_role(), a_role(borough=HACKNEY))
    await library.turn()
    await library.hear(a_review(draft_id=DRAFT, verdict="return", why="Too thin."))
    assert (await library.gap()).draft_id is None
    await library.hear(a_role(borough=BARNET))
    await library.turn()
    assert (await library.draft(DRAFT)).status == "returned"
    more = " ".join([*DUTIES, "You will present findings to councillors and the public."])
    await library.hear(*(a_role(borough=gss, revision=2, description=more) for gss in (CAMDEN, HACKNEY)))
    await library.turn()
    draft = await library.draft(DRAFT)
    assert (draft.status, draft.why) == ("waiting", None)
    assert "councillors" in (draft.content.body or "")


async def test_a_gap_that_opens_again_gets_its_draft_again(library: Library) -> None:
    """An exemplar superseded the draft; once that is retired, the draft waits for a review as before."""
    await library.hear(a_role(), a_role(borough=HACKNEY))
    await library.turn()
    await library.hear(an_offer(), a_review())
    retire = {"draft_id": None, "draft_revision": None, "item_id": "item-1", "verdict": "retire"}
    await library.hear(a_review(id="review-2", **retire))
    await library.turn()
    assert (await library.draft(DRAFT)).status == "waiting"
    assert (await library.gap()).draft_id == DRAFT


async def test_closed_adverts_serve_for_a_year(library: Library) -> None:
    """A draft may be made of an advert that has closed, while the gap is open; after a year it serves no more."""
    await library.hear(a_role(), closed(a_role(borough=HACKNEY)))
    await library.turn()
    assert (await library.draft(DRAFT)).status == "waiting"
    other = Library(library.connection, Rules(advert_months=1))
    other.now = NOON + timedelta(days=40)
    await other.hear(a_role(borough=BARNET))
    await other.turn()
    assert [one.role_id for one in (await other.draft(DRAFT)).content.made_from] == [
        "role-barnet",
        "role-camden",
    ]


async def test_where_nothing_can_be_assembled_it_is_said_why(library: Library) -> None:
    """One employer's adverts are one voice, and adverts with nothing in common make no draft; the gap says which."""
    same = a_role(id="role-2", title="Senior Analyst", description=" ".join(reversed(DUTIES)))
    await library.hear(a_role(), same)
    await library.turn()
    ((_, because),) = await gap_store.list_gaps(library.connection, everything=False)
    assert because == "All descriptions are of one employer; a draft takes two."
    await library.hear(
        a_role(borough=HACKNEY, description="Hackney buys a new platform for its planning team.")
    )
    await library.turn()
    ((_, because),) = await gap_store.list_gaps(library.connection, everything=False)
    assert because == "3 adverts have descriptions, and have no line in common; a draft takes 3."
    assert not [event for event in await library.said() if isinstance(event, DraftChanged)]


async def test_an_old_exemplar_gets_a_draft_of_its_next_version(library: Library) -> None:
    """What is assembled beside an old exemplar would change it, not stand beside it."""
    await library.hear(an_exemplar(), a_role(), a_role(borough=HACKNEY))
    library.now = LATER
    await library.turn()
    await library.turn()
    assert (await library.draft(DRAFT)).item_id == "exemplar-1"
