"""What the library does with offers, reviews and items, on a real database."""

from typing import Any

import pytest

from loti_contracts.delivery.errors import Park
from loti_contracts.events import Draft, ItemPublished, ItemRetired
from services.library import store
from tests.library.hearing import Library
from tests.library.making import NOON, a_review, an_event, an_item, an_offer, content


@pytest.fixture
def library(db: Any) -> Library:
    """The library, at noon."""
    return Library(db)


async def test_an_offer_waits_and_is_published_by_a_review(library: Library) -> None:
    """An offer is no item: it becomes one, in version 1, when a reviewer publishes its draft."""
    await library.hear(an_offer())
    draft = await library.draft("offer-1")
    assert (draft.status, draft.origin, draft.contact_id) == ("waiting", "contributed", "contact-camden")
    assert [type(event) for event in await library.said()].count(ItemPublished) == 0
    await library.hear(a_review())
    item = await library.item("item-1")
    assert (item.status, item.version, item.revision, item.title) == (
        "published",
        1,
        1,
        "Senior data analyst",
    )
    assert (await library.draft("offer-1")).status == "published"


async def test_a_new_version_counts_up_and_the_old_one_is_kept(library: Library) -> None:
    """What an item said before stays to be read; the version counts changes of what it says."""
    await library.hear(an_offer(), a_review())
    changed = an_offer(id="offer-2", content=content(summary="What it is today."))
    await library.hear(changed, a_review(id="review-2", draft_id="offer-2"))
    item = await library.item("item-1")
    assert (item.version, item.revision, item.summary) == (2, 2, "What it is today.")
    versions = [
        (one.version, one.summary) for one, _ in await store.load_item_revisions(library.connection, "item-1")
    ]
    assert versions == [(2, "What it is today."), (1, "What a senior data analyst does.")]
    published = [event for event in await library.said() if isinstance(event, ItemPublished)]
    assert "summary" in published[-1].changed
    assert "title" not in published[-1].changed


async def test_a_review_of_an_older_draft_is_refused_with_why(library: Library) -> None:
    """Who reviewed what has changed meanwhile has not reviewed it: nothing is published, and the draft says so."""
    await library.hear(an_offer(), an_offer(revision=2, content=content(title="Another title")))
    await library.hear(a_review(draft_revision=1))
    draft = await library.draft("offer-1")
    assert (draft.status, draft.revision) == ("waiting", 3)
    assert draft.why is not None
    assert "revision 1; it is revision 2 by now" in draft.why
    assert "item-1" not in await library.latest()


async def test_a_draft_that_is_overtaken_must_be_looked_at_again(library: Library) -> None:
    """Two offers change one item: when one is published, a review of the other as it stood before does nothing."""
    await library.hear(an_offer(), an_offer(id="offer-2", content=content(title="Theirs")), a_review())
    overtaken = await library.draft("offer-2")
    assert (overtaken.status, overtaken.revision) == ("waiting", 2)
    assert "Version 1 of item-1 was published meanwhile" in (overtaken.why or "")
    await library.hear(a_review(id="review-2", draft_id="offer-2", draft_revision=1))
    assert (await library.item("item-1")).title == "Senior data analyst"


async def test_a_returned_draft_says_why_and_may_be_offered_again(library: Library) -> None:
    """A reviewer's words reach the one who offered; an offer mended waits anew."""
    await library.hear(an_offer(), a_review(verdict="return", why="Say what they bring."))
    assert (await library.draft("offer-1")).why == "Say what they bring."
    await library.hear(an_offer(revision=2))
    draft = await library.draft("offer-1")
    assert (draft.status, draft.why, draft.reviewed_at) == ("waiting", None, None)


@pytest.mark.parametrize(
    ("offer", "complaint"),
    [
        (an_offer(content=content(standard_roles=())), "needs the standard role"),
        (an_offer(content=content(standard_roles=("Data wizard",))), "'Data wizard' is no standard role"),
        (an_offer(kind="event", content=content()), "An event needs a day and a time"),
        (an_offer(kind="team structure", content=content()), "needs at least one post"),
        (
            an_offer(kind="challenge", content=content(boroughs=())),
            "the boroughs, or the community of practice",
        ),
        (an_offer(content=content(summary="", body=None)), "It says nothing"),
    ],
)
async def test_what_cannot_be_published_is_not(library: Library, offer: Any, complaint: str) -> None:
    """A review cannot publish what its kind of item must not be; the draft waits on and says what is missing."""
    await library.hear(offer, a_review())
    draft = await library.draft("offer-1")
    assert draft.status == "waiting"
    assert complaint in (draft.why or "")


async def test_a_withdrawn_offer_is_not_published(library: Library) -> None:
    """A withdrawal takes a waiting draft away; what is published already stays, and the draft says so."""
    await library.hear(an_offer(), an_offer(revision=2, status="withdrawn"), a_review(draft_revision=2))
    assert (await library.draft("offer-1")).status == "withdrawn"
    assert "item-1" not in await library.latest()
    await library.hear(an_offer(id="offer-2"), a_review(id="review-2", draft_id="offer-2"))
    await library.hear(an_offer(id="offer-2", revision=2, status="withdrawn"))
    draft: Draft = await library.draft("offer-2")
    assert (draft.status, (await library.item("item-1")).status) == ("published", "published")
    assert "What is published stays" in (draft.why or "")


async def test_a_review_retires_an_item_once(library: Library) -> None:
    """An item that is retired says when; a second review of the same kind says nothing."""
    await library.hear(an_offer(), a_review())
    retire = {"draft_id": None, "draft_revision": None, "item_id": "item-1", "verdict": "retire"}
    await library.hear(a_review(id="review-2", **retire))
    await library.hear(a_review(id="review-3", **retire))
    item = await library.item("item-1")
    assert (item.status, item.retired_at, item.revision) == ("retired", NOON, 2)


async def test_the_same_words_twice_have_no_second_effect(library: Library) -> None:
    """Offers and reviews that come again under another event id change nothing."""
    await library.hear(an_offer(), a_review())
    said = len(await library.said())
    await library.hear(an_offer(), a_review(), an_offer())
    assert len(await library.said()) == said


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (a_review(draft_id="nowhere"), "there is no draft nowhere"),
        (a_review(draft_id=None, item_id="nowhere", verdict="retire"), "there is no item nowhere to retire"),
        (a_review(draft_id=None), "name the draft, or the item_id to retire"),
    ],
)
async def test_what_can_never_be_done_is_parked_with_its_reason(
    library: Library, wrong: Any, reason: str
) -> None:
    """A review of nothing is set aside for a person."""
    with pytest.raises(Park, match=reason):
        await library.hear(wrong)


async def test_an_item_that_was_stated_is_adopted(library: Library) -> None:
    """What somebody stated on the library's topic is the library's from then on: found, versioned, retired."""
    await library.hear(an_item())
    assert await library.said() == []
    await library.hear(
        an_offer(item_id="item-platform", kind="case study", content=content(title="Two platforms")),
        a_review(),
    )
    item = await library.item("item-platform")
    assert (item.revision, item.version, item.title) == (2, 2, "Two platforms")


async def test_an_older_statement_is_not_the_last_word(library: Library) -> None:
    """The topic keeps the newest message: who states an old revision again makes the library say what holds."""
    await library.hear(an_item(), an_item(revision=2, summary="Newer."))
    await library.hear(an_item(summary="Older words under an old number."))
    item = await library.item("item-platform")
    assert (item.revision, item.summary) == (3, "Newer.")


async def test_what_the_library_said_comes_back_without_effect(library: Library) -> None:
    """The library hears its own topic: its own words, old and new, say nothing again."""
    await library.hear(an_offer(), a_review())
    await library.hear(
        an_offer(id="offer-2", content=content(title="Second")), a_review(id="r2", draft_id="offer-2")
    )
    said = await library.said()
    await library.hear(*(event.state for event in said if isinstance(event, ItemPublished)))
    assert len(await library.said()) == len(said)


async def test_an_event_that_is_over_is_retired(library: Library) -> None:
    """Nobody is invited to what has been; an event that was put off meanwhile stays."""
    later = an_event(id="item-later", happening=an_event().happening)
    await library.hear(an_event(), later)
    await library.turn()
    assert await library.said() == []
    library.now = an_event().happening.ends_at.replace(hour=23)  # type: ignore[union-attr]
    await library.turn()
    await library.turn()
    said = await library.said()
    assert [type(event) for event in said] == [ItemRetired, ItemRetired]
    assert (await library.item("item-meeting")).retired_at == library.now
