"""Adverts that are known from their roles alone stand in for those that the role was composed of."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import AuthorityNamed, Pay, Role, StandardRoleNamed
from services.ingest.jobs import Sighting, role_of, told
from services.ingest.recovery.standing_in import Standing, claims, places, taken_over

NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)
RANKS = {"camden": 1, "hackney": 1, "north": 5, "london": 33}
DAYS = st.none() | st.integers(0, 9).map(lambda days: date(2027, 2, 1) + timedelta(days=days))


@st.composite
def readings(draw: st.DrawFn, number: int, board: str) -> Role:
    """One board's reading of the job: mostly like the others, and now and then without what they say."""

    def sometimes(value: Any) -> Any:
        return draw(st.sampled_from((value, value, None)))

    kind = sometimes(StandardRoleNamed(name="Data engineer", family="Data"))
    paid = draw(st.sampled_from((4_000_000, 4_500_000, None)))
    return Role(
        id=f"advert-{number}",
        revision=draw(st.integers(1, 3)),
        status="open",
        source=board,
        title=draw(st.sampled_from(("Data Engineer", "Data Engineer (Camden)"))),
        employer=sometimes("London Borough of Camden"),
        authorities=draw(
            st.sampled_from(((AuthorityNamed(gss="E09000007", name="Camden", area="inner"),), ()))
        ),
        links=(f"https://{board}.example/{number}",),
        location=sometimes("Town Hall"),
        standard_role=kind,
        level=sometimes("senior"),
        relevance=draw(st.sampled_from(("yes", "borderline"))),
        confidence=draw(st.sampled_from((0.7, 0.9))),
        why=f"read on {board}",
        pay=Pay(text="pay", minimum=paid, period="year" if paid else None) if sometimes(1) else None,
        posted_on=draw(DAYS),
        closes_on=draw(DAYS),
        contract=sometimes("permanent"),
        description=sometimes(f"As {board} says it."),
        found_at=NOW - timedelta(hours=draw(st.integers(0, 3))),
    )


@st.composite
def jobs(draw: st.DrawFn) -> list[Sighting]:
    """The adverts of one job, on one board or several, or twice on one."""
    boards = draw(st.lists(st.sampled_from(sorted(RANKS)), min_size=1, max_size=4))
    return [Sighting("advert-0", draw(readings(number, board))) for number, board in enumerate(boards)]


@given(jobs(), st.randoms(use_true_random=False))
def test_a_role_stays_the_same_while_its_boards_are_read_again(job: list[Sighting], random: Any) -> None:
    """Known from the role alone, and then one after the other as its board shows it, in any order: the adverts compose
    to the role at each step, so that nothing is said."""
    role = role_of("advert-0", None, job, rank=RANKS.__getitem__, now=NOW)
    stand_ins = taken_over({role.id: (role, NOW)}, ())
    assert all(one.new for one in stand_ins)
    known = {(one.sighting.reading.source, one.sighting.reading.links[0]): one.sighting for one in stand_ins}
    assert len(known) == len(job)
    order = list(job)
    random.shuffle(order)
    for real in [None, *order]:
        if real is not None:
            place = (real.reading.source, real.reading.links[0])
            shown = {"id": real.id, "found_at": known[place].reading.found_at}
            known[place] = Sighting(role.id, real.reading.model_copy(update=shown))
        again = role_of(role.id, role, list(known.values()), rank=RANKS.__getitem__, now=NOW)
        assert told(role, again) is None, real


@given(jobs())
def test_what_is_known_already_is_kept(job: list[Sighting]) -> None:
    """Adverts that the role shows stay what they are, with their ids; one that it shows no more is closed."""
    gone, *shown = [
        *job,
        Sighting("advert-0", job[0].reading.model_copy(update={"id": "gone", "links": ("x",)})),
    ][::-1]
    role = role_of("advert-0", None, shown, rank=RANKS.__getitem__, now=NOW)
    taken = {one.sighting.id: one for one in taken_over({role.id: (role, NOW)}, [gone, *shown])}
    assert taken.keys() == {one.id for one in (gone, *shown)}
    assert not any(one.new for one in taken.values())
    assert not taken["gone"].sighting.open
    assert all(taken[one.id].sighting.open for one in shown)


def test_a_role_that_tells_of_no_boards_stands_on_its_own() -> None:
    """What was said before boards were named: the leading advert is known, the others join when they are read."""
    role = role_of(
        "a",
        None,
        [Sighting("a", reading()), Sighting("a", reading(id="b", links=("https://b.example",)))],
        rank=RANKS.__getitem__,
        now=NOW,
    )
    assert len(places(role)) == 2
    assert places(role.model_copy(update={"boards": ()})) == [("camden", role.links[0])]


def reading(**differences: Any) -> Role:
    """A reading of Camden's."""
    facts: dict[str, Any] = {
        "id": "a",
        "revision": 1,
        "status": "open",
        "source": "camden",
        "title": "Data Engineer",
        "authorities": (),
        "links": ("https://a.example",),
        "relevance": "yes",
        "confidence": 1.0,
        "why": "so",
        "found_at": NOW,
    }
    return Role.model_validate(facts | differences)


def test_postings_are_known_by_their_key_or_else_by_their_link() -> None:
    """The role's own posting is sure, whatever its link; a link tells where it is of one advert and one posting only."""
    standing = [
        Standing("s1", "role-1", "https://x/1"),
        Standing("s2", "role-2", "https://x/2"),
        Standing("s3", "role-3", "https://x/list"),
        Standing("s4", "role-4", "https://x/list"),
    ]
    shown = {
        "role-1": "https://x/new",
        "posting": "https://x/2",
        "other": "https://x/list",
        "known": "https://x/1",
    }
    assert claims(standing, shown, {"known"}) == {"s1": "role-1", "s2": "posting"}
    assert claims(standing, {"role-3": None}, ()) == {"s3": "role-3"}
