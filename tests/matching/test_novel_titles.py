"""Which titles are novel: by the kind of work they name, never by how they look."""

import string
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import NovelRole, RoleNoLongerNovel, RoleNovel
from services.matching.demand import novel
from services.matching.demand.near import nearest_standard_roles, nearness
from services.matching.demand.novelty import asked, feature_links, features, judge, same_feature
from services.matching.demand.titles import named
from services.matching.demand.words import links, same_word
from tests.matching.accuracy_novel import Heard, real_alarms, report
from tests.matching.demand_world import START, World, a_role

words = st.text(string.ascii_lowercase, min_size=2, max_size=12)
noise = st.sampled_from(
    (
        "Senior {}",
        "{} (12 months FTC)",
        "Lead {} - PO4",
        "{}, Ref: LBH/2291",
        "{} - London Borough of Barnet",
        "Interim {} Grade 12",
        "{} x 2 posts",
        "{} £45,000 - £51,000",
        "{} - Children's Services",
        "Trainee {}: 37.5 hours",
        "{} (Maternity Cover)",
        "<b>{}</b>",
    )
)


def new(title: str, *before: str, settled_in: bool = True, **differences: Any) -> bool:
    """Whether that title is novel after these."""
    role = a_role(standard_role=None, title=title, **differences)
    return judge(role, Heard(before).of(asked(title)), settled_in=settled_in).novel


def test_the_labelled_set_is_judged_as_well_as_is_said() -> None:
    """Precision at least 0.95 and recall at least 0.9 on both parts; few real titles are called novel at once."""
    _, figures = report()
    for _, _, precision, recall in figures.values():
        assert precision >= 0.95
        assert recall >= 0.9
    alarms, titles = real_alarms()
    assert len(alarms) <= titles / 50


@given(noise, noise)
def test_rank_terms_team_place_and_reference_make_nothing_novel(one: str, other: str) -> None:
    """A Data Journalist is novel however it is dressed up, and once heard, no other dress is novel again."""
    first, second = one.format("Data Journalist"), other.format("Data Journalist")
    assert new(first)
    assert not new(second, first)


@pytest.mark.parametrize(
    ("title", "before"),
    [
        ("Data Jounalist", "Data Journalist"),
        ("Data Journalism Lead", "Data Journalist"),
        ("Journalist (Data)", "Data Journalist"),
        ("Journalist, Data", "Senior Data Journalist"),
        ("Engineer - Prompt", "Prompt Engineer"),
        ("Prompt Enginer", "Prompt Engineer"),
        ("Robotic Technicians", "Robotics Technician"),
    ],
)
def test_slips_endings_and_order_make_nothing_novel(title: str, before: str) -> None:
    """Each is novel by itself, and known after the other."""
    assert new(before)
    assert not new(title, before)


def test_looking_alike_makes_nothing_known() -> None:
    """A Data Journalist looks much like a data analyst, and has been heard of a hundred times as that; it is novel. A
    known title that looks less alike is known."""
    assert nearness("Data Journalist", "Data analyst") > nearness(
        "Head of ICT", "Deputy Head of Service, ICT and AV"
    )
    assert new("Data Journalist", *["Data Analyst"] * 100)
    assert not new("Head of ICT", "Data Analyst")


def test_a_standard_role_that_was_read_with_confidence_settles_it() -> None:
    """A Scrum Master is a delivery manager by another title, whatever its words; a doubtful reading settles nothing."""
    role = a_role(standard_role="Delivery manager", title="Data Journalist")
    assert not judge(role, (), settled_in=True).novel
    assert judge(role.model_copy(update={"confidence": 0.6}), (), settled_in=True).novel


def test_the_first_days_are_not_all_novel() -> None:
    """With nothing heard, a new craft is said, also of a borderline role; a new responsibility and a new combination
    of known words wait until enough was heard."""
    for title in ("IT Manager", "Digital Twin Manager", "Content Engineer", "Head of Digital"):
        assert not new(title, settled_in=False), title
    assert new("Data Journalist", settled_in=False)
    assert new("Data Storyteller", settled_in=False, relevance="borderline")
    assert new("Digital Twin Manager")
    assert new("Content Engineer")
    assert not new("Digital Twin Manager", relevance="borderline")


def test_an_odd_title_is_read_without_an_error() -> None:
    """Nothing, markup, digits, emoji, or very long: no crash, and nothing novel in a title that names no work."""
    for title in (
        "",
        "   ",
        "12345",
        "🚀",
        "<script>alert(1)</script>",
        "-",
        "()",
        "a" * 50_000,
        "x " * 20_000,
    ):
        named(title)
        judge(a_role(standard_role=None, title=title), (), settled_in=True)
    assert not new("12345")
    assert not new("Senior Lead Manager (FTC)")


@given(st.text(max_size=60), st.lists(st.sampled_from(("Data Journalist", "Prompt Engineer")), max_size=2))
def test_hearing_more_never_makes_a_title_novel(title: str, before: list[str]) -> None:
    """What is known by nothing heard stays known by anything heard: so a title need not be looked up twice."""
    role = a_role(standard_role=None, title=title)
    if judge(role, Heard(before).of(asked(title)), settled_in=False).novel:
        assert judge(role, (), settled_in=True).novel


@given(words, words)
def test_words_that_are_one_share_a_link(one: str, other: str) -> None:
    """So that the index finds every word that is the same but for a slip or an ending; slips of it in particular."""
    assert same_word(one, one)
    assert same_word(one, other) == same_word(other, one)
    if same_word(one, other):
        assert {*links(one)} & {*links(other)}


@given(words.filter(lambda word: len(word) > 7), st.data())
def test_one_slip_in_a_long_word_is_forgiven(word: str, data: st.DataObject) -> None:
    """One letter missing, doubled, changed or exchanged with its neighbour is still the word."""
    at = data.draw(st.integers(0, len(word) - 2))
    for slipped in (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + "q" + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ):
        assert same_word(word, slipped), slipped
        one, other = ("kind", ("data", word)), ("kind", (slipped, "data"))
        assert same_feature(one, other)  # type: ignore[arg-type]
        assert feature_links(one) & feature_links(other)  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_the_same_title_is_the_same(title: str) -> None:
    """A title heard before is not novel, whatever it is."""
    assert {(one, one) for one in asked(title) & features(title)} <= {
        (one, other) for one in asked(title) for other in features(title) if same_feature(one, other)
    }
    assert not new(title, title)


def test_what_is_said_of_a_novel_role() -> None:
    """Its kind of work, the new words, the nearest standard roles with how near, and why; taken back when it is not,
    once."""
    role = a_role(standard_role=None, title="Senior Data Journalist (FTC)")
    said = novel.look(role, judge(role, (), settled_in=True), (), None)
    assert isinstance(said.event, RoleNovel)
    state = said.event.novel
    assert (state.kind, state.new_words) == ("journalist", ("journalist",))
    assert "journalist" in state.why
    assert state.nearest_standard_roles == nearest_standard_roles(role.title)
    assert all(0 < near.nearness < 1 for near in state.nearest_standard_roles)
    known = judge(role, asked(role.title), settled_in=True)
    back = novel.look(role, known, (), state)
    assert isinstance(back.event, RoleNoLongerNovel)
    assert back.event.changed == ("status", "new_words", "nearest_standard_roles", "why")
    assert novel.look(role, known, (), back.state).event is None


async def test_a_second_borough_is_not_novel_and_an_earlier_one_takes_it_over(db: Any) -> None:
    """Barnet's Data Journalist is novel, Camden's a week later is not; when one turns up that was found before, it is
    the novel one, and Barnet's is taken back."""
    world = World(db)
    later = START + timedelta(days=7)
    first = a_role("E09000003", standard_role=None, id="barnet", title="Data Journalist", found_at=later)
    second = a_role(
        id="camden", standard_role=None, title="Lead Data Jounalist", found_at=later + timedelta(days=7)
    )
    assert [event.type for event in await world.hear(first)] == ["london.loti.role.novel.v1"]
    assert await world.hear(second) == []
    before = a_role(id="brent", standard_role=None, title="Journalist, Data", found_at=START)
    said = {event.subject: event.type for event in await world.hear(before)}
    assert said == {"brent": "london.loti.role.novel.v1", "barnet": "london.loti.role.no-longer-novel.v1"}


async def test_a_title_that_was_corrected_is_judged_anew(db: Any) -> None:
    """When the first Data Journalist turns out to be a data analyst, the next one is the first."""
    world = World(db)
    first = a_role(id="one", standard_role=None, title="Data Journalist")
    await world.hear(
        first, a_role(id="two", standard_role=None, title="Data Journalist", found_at=START + timedelta(1))
    )
    said = await world.hear(first.model_copy(update={"revision": 2, "title": "Data Analyst"}))
    assert [(event.subject, event.type.split(".")[3]) for event in said] == [
        ("one", "no-longer-novel"),
        ("two", "novel"),
    ]
    state = said[-1].state
    assert isinstance(state, NovelRole)
    assert [near.title for near in state.nearest_titles] == ["Data Analyst"]


async def test_the_first_days_are_counted_from_the_first_role_found(db: Any) -> None:
    """A new combination of known words waits while it is the first that was heard; when a role turns up that was found
    long before, enough had been heard, and it is novel after all."""
    world = World(db)
    combined = a_role(id="new", standard_role=None, title="Content Engineer")
    assert await world.hear(combined) == []
    old = a_role(id="old", title="Data Engineer", found_at=START - timedelta(days=61))
    assert [event.subject for event in await world.hear(old)] == ["new"]
