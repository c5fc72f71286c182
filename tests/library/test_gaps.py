"""What is advertised without an exemplar, or with an old one, on a real database."""

import random
from datetime import timedelta
from typing import Any

import pytest

from loti_contracts.events import ExemplarFound, ExemplarMissing
from tests.library.hearing import Library
from tests.library.making import (
    BARNET,
    CAMDEN,
    HACKNEY,
    NOON,
    a_review,
    a_role,
    an_exemplar,
    an_offer,
    closed,
    content,
)

LATER = NOON + timedelta(days=760)


@pytest.fixture
def library(db: Any) -> Library:
    """The library, at noon."""
    return Library(db)


async def test_an_advert_without_an_exemplar_is_a_gap(library: Library) -> None:
    """A role that is advertised and has no exemplar is said to miss one, with the live adverts that could be a start."""
    await library.hear(a_role(description="Short."), a_role(borough=HACKNEY))
    (event,) = await library.said()
    assert isinstance(event, ExemplarMissing)
    gap = event.gap
    assert (gap.status, gap.standard_role, gap.level, gap.family) == (
        "missing",
        "Data analyst",
        "senior",
        "Data",
    )
    assert [advert.role_id for advert in gap.adverts] == ["role-hackney", "role-camden"]
    assert gap.sentence == (
        "2 open adverts in 2 boroughs for Data analyst, senior; there is no exemplar job description to start from."
    )


async def test_a_role_that_is_no_standard_one_is_no_gap(library: Library) -> None:
    """Where no standard role fits there is nothing that an exemplar could be of."""
    await library.hear(a_role(standard_role=None))
    assert await library.said() == []


async def test_an_exemplar_covers_the_gap_and_its_retirement_opens_it(library: Library) -> None:
    """Publishing fills a gap, retiring opens it again; an exemplar of another level is named and fills nothing."""
    await library.hear(a_role())
    await library.hear(an_offer(), a_review())
    assert (await library.gap()).status == "covered"
    retire = {"draft_id": None, "draft_revision": None, "item_id": "item-1", "verdict": "retire"}
    await library.hear(a_review(id="review-2", **retire))
    assert (await library.gap()).status == "missing"
    await library.hear(an_exemplar(levels=("lead",)))
    await library.hear(a_role(revision=2, title="Another title"))
    gap = await library.gap()
    assert (gap.status, gap.item_id) == ("missing", None)
    assert gap.sentence.endswith("There is one for another level: lead.")


async def test_the_last_advert_closes_the_gap(library: Library) -> None:
    """What nobody advertises is no gap; a change of role moves an advert from one gap to another."""
    await library.hear(a_role())
    moved = a_role(revision=2, standard_role={"name": "Data engineer", "family": "Data"})
    await library.hear(moved)
    assert (await library.gap()).status == "covered"
    assert (await library.gap("gap-data-engineer-senior")).status == "missing"
    await library.hear(closed(moved))
    gap = await library.gap("gap-data-engineer-senior")
    assert (gap.status, gap.sentence) == ("covered", "Nobody advertises Data engineer, senior now.")


async def test_old_news_of_a_role_changes_nothing(library: Library) -> None:
    """A revision that is not newer is dropped, in one batch and across batches."""
    role = a_role()
    await library.hear(closed(role), role)
    await library.hear(role)
    assert await library.said() == []


async def test_an_exemplar_grows_old_by_itself(library: Library) -> None:
    """After two years without a review the library says that an exemplar is old; a review makes it good again."""
    await library.hear(an_exemplar(), a_role())
    assert await library.said() == []
    library.now = LATER
    await library.turn()
    await library.turn()
    gaps = [event for event in await library.said() if isinstance(event, ExemplarMissing)]
    assert [(event.gap.status, event.gap.item_id) for event in gaps] == [("old", "exemplar-1")]
    assert "was last reviewed on 2 November 2026 and is old." in gaps[0].gap.sentence
    same = an_offer(item_id="exemplar-1", content=content())
    await library.hear(same, a_review())
    assert isinstance((await library.said())[-1], ExemplarFound)


@pytest.mark.parametrize("seed", range(4))
async def test_gaps_end_the_same_in_whatever_order_news_comes(library: Library, seed: int) -> None:
    """Partitions and topics come in any order, in batches of any size: in the end every gap is what a look at the newest
    states would say."""
    chance = random.Random(seed)
    news: list[Any] = []
    for number in range(12):
        role = a_role(
            id=f"role-{number}",
            borough=chance.choice((CAMDEN, HACKNEY, BARNET)),
            level=chance.choice(("senior", "lead", None)),
        )
        course = [role, role.model_copy(update={"revision": 2, "level": chance.choice(("senior", "lead"))})]
        news += course if chance.random() < 0.5 else [*course, closed(course[-1])]
    news.append(an_exemplar(levels=(chance.choice(("senior", "lead")),)))
    newest = {(one.id): one for one in sorted(news, key=lambda one: one.revision)}
    chance.shuffle(news)
    while news:
        size = chance.randint(1, 8)
        await library.hear(*news[:size])
        news = news[size:]
        if chance.random() < 0.3:
            await library.turn()
    await library.turn()
    item = newest.pop("exemplar-1")
    for level in ("senior", "lead"):
        live = {one.id for one in newest.values() if one.level == level and one.status == "open"}
        row = await library.connection.fetchrow(
            "SELECT status FROM gaps WHERE standard_role = 'Data analyst' AND level = $1", level
        )
        assert (row["status"] if row else "covered") == (
            "missing" if live and level not in item.levels else "covered"
        )
        said = (await library.latest()).get(f"gap-data-analyst-{level}")
        if said is not None:
            assert {advert.role_id for advert in said.adverts} == live
