"""Joining: one job on several boards is one role, from the first advert of it to the last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Pay, Role, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from services.ingest.assess import assess
from services.ingest.decisions import Day, Decision, differing
from services.ingest.identity import Known, Seen
from services.ingest.jobs import Sighting
from services.ingest.joining import Concluded, Jobs, conclude
from services.ingest.lifecycle import decide, expire

START = datetime(2026, 11, 2, 12, tzinfo=UTC)
CLOSES = date(2026, 12, 6)
TEXTS = {
    "engineer": "You will build the pipelines that carry repairs data from our contractors to the people who plan "
    "the work, keep them running, and teach two apprentices how to do the same on their own. Most of it is Python and "
    "SQL; some of it is asking people what a column means before anybody counts with it.",
    "engineer, housing": "Housing moves off its old system this year. You map what is stored there, load it into the "
    "new one, and stay until rents, repairs and lettings agree to the penny. The contract ends when the old system is "
    "switched off, which the board expects before next winter.",
    "designer": "You lead research and design for the forms that residents meet first, from missed bins to school "
    "places, and show with numbers that fewer of them need to phone afterwards. You work with three researchers and "
    "answer to the head of digital services.",
}
TITLES = {"engineer": "Data engineer", "engineer, housing": "Data engineer", "designer": "Service designer"}
RANK = {"camden": 1, "hackney": 1, "shared": 5}


def advert(source: str, job: str, key: str = "1", **differences: Any) -> Role:
    """An advert of one of the jobs, as it is read on a board; all are Camden's."""
    return Role.model_validate(
        {
            "id": f"{source}/{key}",
            "revision": 1,
            "status": "open",
            "source": source,
            "title": TITLES[job],
            "employer": "London Borough of Camden",
            "authorities": [{"gss": "E09000007", "name": "Camden", "area": "inner"}],
            "links": [f"https://{source}.example/{key}"],
            "relevance": "yes",
            "confidence": 0.9,
            "why": "the title says so",
            "pay": Pay(text="£50,000", minimum=50_000_00, maximum=54_000_00, period="year"),
            "closes_on": CLOSES,
            "description": TEXTS[job],
            "found_at": START,
        }
        | differences
    )


@dataclass
class World:
    """Three boards, and the roles that are said."""

    now: datetime = START
    known: dict[str, dict[str, Known]] = field(default_factory=dict)
    sightings: dict[str, Sighting] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    def show(self, source: str, *adverts: Role) -> list[Any]:
        """A board is read whole, and shows these."""
        known = self.known.setdefault(source, {})
        found = assess(
            known, Seen({one.id: one for one in adverts}, frozenset(), whole=True), today=self.now.date()
        )
        fresh = {one.id for one in adverts} - known.keys()
        closed = [
            one.reading
            for one in self.sightings.values()
            if fresh and not one.open and one.reading.source != source
        ]
        return self.conclude(
            source, decide(known, found, closed_elsewhere=closed, day=Day(self.now, self.now.date()))
        )

    def turn(self, source: str, days: int) -> list[Any]:
        """Days pass, and the calendar closes what is over on a board."""
        self.now += timedelta(days=days)
        return self.conclude(source, expire(self.known[source], Day(self.now, self.now.date())))

    def conclude(self, source: str, decisions: Sequence[Decision]) -> list[Any]:
        """What is said; every promise that holds for any history is checked on the way."""
        concluded = self._both_ways(decisions)
        for one in decisions:
            was = self.known[source].get(one.role_id)
            role = one.event.role if one.event else was.role if was else None
            if role is not None:
                self.known[source][role.id] = Known(role, one.missing, one.under, one.wording, one.former)
        self.sightings |= {one.id: one for one in concluded.sightings}
        for event in concluded.said:
            self._check(event)
            self.roles[event.role.id] = event.role
        for role in self.roles.values():
            assert (role.status == "open") == bool(self.open_of(role.id))
        return list(concluded.said)

    def open_of(self, role_id: str) -> list[Sighting]:
        return [one for one in self.sightings.values() if one.role_id == role_id and one.open]

    def _both_ways(self, decisions: Sequence[Decision]) -> Concluded:
        """The order of a board's adverts says nothing."""
        jobs = Jobs(self.sightings, self.roles)
        one, other = (
            conclude(list(some), jobs, rank=RANK.__getitem__, now=self.now)
            for some in (decisions, reversed(decisions))
        )
        assert {event.role.id: event for event in one.said} == {event.role.id: event for event in other.said}
        assert len({event.role.id for event in one.said}) == len(one.said)
        return one

    def _check(self, event: RoleDiscovered | RoleReadvertised | RoleChanged | RoleClosed) -> None:
        role, was = event.role, self.roles.get(event.role.id)
        assert role.revision == (was.revision + 1 if was else 1)
        assert isinstance(event, RoleDiscovered | RoleReadvertised) == (was is None)
        assert event.changed == (differing(was, role) if was else ())
        assert (role.closed_at is None) == (role.closed_because is None) == (role.status == "open")
        shown = self.open_of(role.id)
        if shown:
            assert set(role.links) == {link for one in shown for link in one.reading.links}
            lead = min(shown, key=lambda one: (RANK[one.reading.source], one.reading.found_at, one.id))
            assert (role.source, role.links[0]) == (lead.reading.source, lead.reading.links[0])
            assert role.closes_on == max(
                (one.reading.closes_on for one in shown if one.reading.closes_on), default=None
            )


looks = st.tuples(
    st.sampled_from(sorted(RANK)),
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(("engineer", "designer")), st.sampled_from("123")),
            st.tuples(st.just("engineer, housing"), st.sampled_from("45")),
        ),
        max_size=4,
        unique_by=lambda one: one[1],
    ),
    st.sampled_from((0, 0, 0, 1, 20)),
)  # fmt: skip


@given(st.lists(looks, max_size=10))
def test_whatever_the_boards_show_each_job_is_one_role(history: Iterable[Any]) -> None:
    """Boards show jobs, drop them, show them again and turn one address into another's: a role is open as long as an
    advert of it is shown, has the links of those, is led by the board nearest to the employer, and no role has
    adverts of two jobs. What is shown on two boards at a time, and was first shown so, is one role."""
    world = World()
    for source, shown, days in history:
        world.now += timedelta(days=days)
        closes = world.now.date() + timedelta(days=15)
        world.show(source, *(advert(source, job, f"{key}", closes_on=closes) for job, key in shown))
        for role in world.roles.values():
            if role.status == "open":
                assert len({one.reading.description for one in world.open_of(role.id)}) == 1


def test_a_job_on_two_boards_is_one_role_until_the_last_is_gone() -> None:
    """Its links are both; while one board shows it, it is open; with the last it is closed."""
    world = World()
    (found,) = world.show("camden", advert("camden", "engineer"))
    (joined,) = world.show("shared", advert("shared", "engineer", description=None))
    assert (type(joined), joined.role.id, joined.changed) == (RoleChanged, found.role.id, ("links",))
    assert joined.role.links == ("https://camden.example/1", "https://shared.example/1")
    assert world.show("camden") == []
    (left,) = world.show("camden")
    assert (type(left), left.role.status, left.role.source) == (RoleChanged, "open", "shared")
    assert left.role.links == ("https://shared.example/1",)
    assert world.show("shared") == []
    (closed,) = world.show("shared")
    assert (type(closed), closed.role.closed_because, closed.role.links) == (
        RoleClosed,
        "gone",
        ("https://shared.example/1",),
    )


def test_the_board_nearest_to_the_employer_leads_and_the_others_fill_in() -> None:
    """Found on a shared board in short, then on the borough's own: its words count, and what it leaves out is taken
    from the other; the latest closing date holds."""
    world = World()
    world.show("shared", advert("shared", "engineer", location="Camden Town Hall, NW1 2RU", closes_on=CLOSES))
    (event,) = world.show(
        "camden", advert("camden", "engineer", closes_on=CLOSES + timedelta(days=3), title="Data Engineer")
    )
    role = event.role
    assert (role.source, role.title, role.location) == (
        "camden",
        "Data Engineer",
        "Camden Town Hall, NW1 2RU",
    )
    assert role.closes_on == CLOSES + timedelta(days=3)
    assert role.id == "shared/1"
    assert world.turn("shared", (CLOSES - START.date()).days + 1) != []
    assert world.roles[role.id].status == "open"


def test_two_jobs_of_one_title_stay_apart() -> None:
    """Same employer, title, pay and dates, another text: two roles, on one board or on two."""
    world = World()
    assert (
        len(world.show("camden", advert("camden", "engineer"), advert("camden", "engineer, housing", "2")))
        == 2
    )
    (joined,) = world.show("shared", advert("shared", "engineer, housing"))
    assert joined.role.id == "camden/2"
    assert len(world.roles) == 2


def test_a_word_for_word_copy_on_one_board_is_a_second_link() -> None:
    """Posted twice on one board under two numbers: one role with two links, said once."""
    world = World()
    (found,) = world.show("camden", advert("camden", "engineer"), advert("camden", "engineer", "2"))
    assert type(found) is RoleDiscovered
    assert set(found.role.links) == {"https://camden.example/1", "https://camden.example/2"}


def test_an_address_that_turns_into_another_job_leaves_its_role() -> None:
    """A board uses an address again for another job while a second board still shows the first: that is a new role,
    and the first one loses a link and nothing else."""
    world = World()
    world.show("camden", advert("camden", "engineer"))
    world.show("shared", advert("shared", "engineer"))
    first, second = world.show("shared", advert("shared", "designer"))
    assert (type(first), first.role.id, first.changed) == (RoleChanged, "camden/1", ("links",))
    assert (type(second), second.role.title) == (RoleDiscovered, "Service designer")
    assert second.role.id not in ("camden/1", "shared/1")
    assert world.show("shared", advert("shared", "designer")) == []


@pytest.mark.parametrize("again", ["camden", "hackney"])
def test_a_new_round_is_a_new_role_on_whichever_board(again: str) -> None:
    """Closed on all boards and advertised again later, by the same employer with other dates: readvertised, with the
    id of the role, whichever of its adverts is repeated, and said once though two boards show it."""
    world = World()
    world.show("shared", advert("shared", "engineer"))
    world.show("camden", advert("camden", "engineer"))
    world.turn("camden", 60)
    world.turn("shared", 0)
    later = {"closes_on": CLOSES + timedelta(days=90), "found_at": world.now}
    (event,) = world.show(again, advert(again, "engineer", "7", **later))
    assert (type(event), event.role.readvertises) == (RoleReadvertised, "shared/1")
    (joined,) = world.show("shared", advert("shared", "engineer", "8", **later))
    assert (type(joined), joined.role.id, joined.role.readvertises) == (
        RoleChanged,
        event.role.id,
        "shared/1",
    )


def test_what_moves_to_another_board_with_its_dates_is_the_same_role() -> None:
    """Gone from one board, and on another with the same text and closing date before that has passed: open again."""
    world = World()
    world.show("camden", advert("camden", "engineer"))
    world.show("camden")
    (closed,) = world.show("camden")
    (back,) = world.show("shared", advert("shared", "engineer"))
    assert (closed.role.status, back.role.status, back.role.id) == ("closed", "open", closed.role.id)
    assert back.role.links == ("https://shared.example/1",)


def test_roles_said_apart_are_not_merged() -> None:
    """Two roles that turn out to be one job stay two: others know both ids."""
    world = World()
    world.show("camden", advert("camden", "engineer"))
    world.show("shared", advert("shared", "designer"))
    told = world.show("shared", advert("shared", "engineer"))
    assert [type(event) for event in told] == [RoleChanged]
    assert {role.status for role in world.roles.values()} == {"open"}
    assert len(world.roles) == 2
