"""What the library decides, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Draft
from services.library import adopting, drafting, gaps, reviewing
from services.library.app import service
from services.library.contents import changed, faults
from services.library.gaps import Key
from services.library.rules import Rules, months_before
from services.library.settings import LibrarySettings
from tests.library.making import NOON, a_post, a_review, an_event, an_item, an_offer, content

STATUSES = ("waiting", "published", "returned", "withdrawn", "superseded")


def a_draft(**differences: Any) -> Draft:
    """What waits of Camden's offer."""
    draft = drafting.offered(None, an_offer(), None, now=NOON)
    assert draft is not None
    return draft.model_copy(update=differences)


@given(
    status=st.sampled_from(STATUSES),
    revision=st.integers(1, 4),
    seen=st.none() | st.integers(1, 4),
    verdict=st.sampled_from(("publish", "return", "retire")),
    kind=st.sampled_from(("job description", "event", "case study")),
    published=st.booleans(),
)
def test_a_review_does_what_it_says_or_says_why_not(
    status: str, revision: int, seen: int | None, verdict: str, kind: str, published: bool
) -> None:
    """Whatever is reviewed: the draft's revision counts up by one, and either the verdict was carried out, or nothing
    changed but `why`. An item is published only from what the reviewer saw."""
    draft = a_draft(status=status, revision=revision, kind=kind)
    review = a_review(draft_revision=seen, verdict=verdict, why="Because.")
    item = an_item(id="item-1", kind="job description") if published else None
    after = reviewing.reviewed(draft, review, item, now=NOON)
    assert after.draft.revision == revision + 1
    if after.draft.reviewed_at is None:
        assert after.item is None
        assert set(changed(draft, after.draft)) <= {"why"}
        assert after.draft.why not in (None, "", "Because.")
        return
    assert seen in (None, revision)
    assert status in ("waiting", "returned")
    assert after.draft.status == {"publish": "published", "return": "returned"}[verdict]
    assert (after.item is not None) == (verdict == "publish")
    if after.item is not None:
        assert after.item.revision == (2 if published else 1)
        assert faults(kind, content()) == []


@given(st.data())
def test_offers_and_withdrawals_keep_a_draft_whole(data: st.DataObject) -> None:
    """In any course of offers and withdrawals revisions count up by one, and a draft stands as its last offer said."""
    draft: Draft | None = None
    for number in range(1, data.draw(st.integers(1, 6)) + 1):
        status = data.draw(st.sampled_from(("offered", "withdrawn")))
        after = drafting.offered(draft, an_offer(revision=number, status=status), None, now=NOON)
        if after is None:
            assert draft is not None
            assert (draft.status, status) == ("withdrawn", "withdrawn")
            continue
        assert after.revision == (draft.revision if draft else 0) + 1
        assert after.status == {"offered": "waiting", "withdrawn": "withdrawn"}[status]
        draft = after


def test_an_offer_cannot_turn_an_item_into_another_kind() -> None:
    """A case study stays one; the offer comes back at once and says what to do."""
    item = an_item(id="item-1")
    draft = drafting.offered(None, an_offer(), item, now=NOON)
    assert draft is not None
    assert draft.status == "returned"
    assert draft.why == "item-1 is a case study, and stays one; offer this job description as a new item."


@given(known=st.integers(1, 5), stated=st.integers(1, 5), own=st.booleans())
def test_the_newest_revision_wins_and_is_said_last(known: int, stated: int, own: bool) -> None:
    """Whatever is stated of a known item, what holds is the newest, and the library says it again where an older
    statement came after it; its own words say nothing."""
    ours, theirs = (
        an_item(revision=known, summary="Ours.", version=3),
        an_item(revision=stated, summary="Theirs."),
    )
    after = adopting.adopted(ours, theirs, theirs if own else None)
    if stated > known:
        assert after is not None
        assert (after.item.summary, after.item.version, after.say_again) == ("Theirs.", 4, False)
    elif own:
        assert after is None
    else:
        assert after is not None
        assert (after.item.summary, after.item.revision, after.say_again) == ("Ours.", known + 1, True)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(1, 600))
def test_months_are_calendar_months(day: date, months: int) -> None:
    """So many months before is never a later day of its month, and is as many months away."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    then = months_before(now, months)
    assert (now.year * 12 + now.month) - (then.year * 12 + then.month) == months
    assert then.day <= now.day
    assert then.day == now.day or (then + timedelta(days=1)).month != then.month


@pytest.mark.parametrize(
    ("levels", "level", "covers"),
    [
        (("senior",), "senior", True),
        ((), "senior", True),
        (("lead",), "senior", False),
        (("lead",), None, True),
    ],
)
def test_which_exemplar_is_good_for_which_level(levels: Any, level: Any, covers: bool) -> None:
    """One of that level, one that names none, and any where the advert's level is not known."""
    item = an_item(kind="job description", standard_roles=("Data analyst",), levels=levels)
    found = gaps.exemplar_of(Key("Data analyst", level), [item], now=NOON, rules=Rules())
    assert (found.item is not None) == covers
    assert found.elsewhere == (() if covers else (item,))


def test_ids_of_gaps_are_stable() -> None:
    """Other systems keep them."""
    assert (
        Key("Chief digital and information officer", "chief").id
        == "gap-chief-digital-and-information-officer-chief"
    )
    assert Key("IT service manager", None).id == "gap-it-service-manager-any"


@pytest.mark.parametrize(
    ("posts", "complaint"),
    [
        ((a_post("1"), a_post("1")), "there twice"),
        ((a_post("1", "9"),), "reports to"),
        ((a_post("1", "2"), a_post("2", "1")), "circle"),
        ((a_post("1", count=1, vacant=2),), "vacant"),
        ((a_post("1", standard_role="Wizard"),), "'Wizard' is no standard role"),
    ],
)
def test_a_team_structure_is_a_tree(posts: Any, complaint: str) -> None:
    """What cannot be drawn is not published."""
    (fault,) = faults("team structure", content(posts=posts))
    assert complaint in fault


def test_a_structure_is_published_from_the_top() -> None:
    """Each post stands after the one that it reports to, however it was offered."""
    draft = a_draft(kind="team structure", content=content(posts=(a_post("b", "a"), a_post("a"))))
    after = reviewing.reviewed(draft, a_review(), None, now=NOON)
    assert after.item is not None
    assert [post.id for post in after.item.posts] == ["a", "b"]


def test_an_event_takes_place_somewhere_and_ends_after_it_starts() -> None:
    """A reviewer is told which of the two is wrong."""
    when = an_event().happening
    assert when is not None
    assert faults("event", content(happening=when)) == []
    backwards = when.model_copy(update={"ends_at": when.starts_at - timedelta(hours=1)})
    assert "ends before it starts" in faults("event", content(happening=backwards))[0]
    assert "needs a place" in faults("event", content(happening=when.model_copy(update={"place": None})))[0]


def test_settings_are_the_usual_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing said from outside gives the rules that the code has."""
    monkeypatch.delenv("LOTI_EXEMPLAR_MONTHS", raising=False)
    assert LibrarySettings().rules == Rules()


def test_every_event_that_is_handled_is_on_a_topic_that_is_heard() -> None:
    """The wiring: nothing is handled that never comes, and the contract's table says who hears it."""
    wired = service()
    heard = {topic.name for topic in wired.hears}
    assert {event.topic for event in wired.handles} == heard
    assert all("library" in topic.heard_by for topic in wired.hears)
