"""Digests: all topics in one letter, most relevant first, each with its reason, and nothing dropped."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import NotificationKind
from services.notify.letters.compose import compose
from services.notify.letters.digest import most_relevant_first
from services.notify.letters.examples import EXAMPLES, item, mail
from services.notify.letters.examples_people import READER
from services.notify.letters.examples_roles import DATA_ENGINEER, NOVEL, NOW, USER_RESEARCHER
from services.notify.mails import Item
from services.notify.telling.relevance import IN_A_MAIL, IN_FULL
from tests.notify.letters.reading import LINKS, SITE, Seen, letter_of

THINGS = {one.kind: one for one in (*EXAMPLES["digest"].items, *EXAMPLES["follow-up-due"].items)}
LONG = "Principal Data and Insight Engineer for Housing, Homelessness and Adult Social Care " * 3


def copy(kind: NotificationKind, place: int, relevance: float) -> Item:
    """A thing of that kind which says `XX<place>X` where its title or its standard role stands."""
    one, mark = THINGS[kind], f"XX{place}X"
    named = "title" if hasattr(one.about, "title") else "standard_role"
    return item(
        kind,
        one.about.model_copy(update={"id": f"thing-{place}", named: mark}),
        one.why,
        relevance=relevance,
        occurrence=one.occurrence,
        role=one.role and one.role.model_copy(update={"title": mark}),
        others=one.others,
    )


@given(st.lists(st.tuples(st.sampled_from(sorted(THINGS)), st.integers(0, 3)), min_size=2, max_size=30))
def test_a_digest_tells_everything_and_the_most_relevant_first(
    drawn: list[tuple[NotificationKind, int]],
) -> None:
    """Whatever is joined: each thing stands in it, and why; the first thing is the most relevant one, and within a section
    relevance falls."""
    items = [copy(kind, place, relevance) for place, (kind, relevance) in enumerate(drawn)]
    text = " ".join(letter_of(mail("digest", *items)).text.split())
    places = {one.id: text.index(f"XX{place}X") for place, one in enumerate(items)}
    assert all(one.why in text for one in items)
    assert min(items, key=lambda one: places[one.id]).relevance == max(one.relevance for one in items)
    for kind in {one.kind for one in items}:
        section = sorted((one for one in items if one.kind == kind), key=lambda one: places[one.id])
        assert [one.relevance for one in section] == sorted((one.relevance for one in section), reverse=True)


def test_sections_stand_in_the_order_of_their_most_relevant_thing() -> None:
    """The offer below the market, the shortlist, the shared demand, the roles, …: as their relevance is."""
    html = letter_of(EXAMPLES["digest"]).html
    order = [
        "Your offers below",
        "Who could help",
        "Wanted by several",
        "New roles",
        "Events",
        "Pay that moved",
    ]
    places = [html.index(f">{heading}") for heading in order]
    assert places == sorted(places)


def test_what_matters_alike_is_told_by_what_it_is_and_by_what_closes_first() -> None:
    """Roles that close soonest first, those without a date last."""
    roles = [
        item(
            "new role",
            USER_RESEARCHER.model_copy(update={"id": str(closes), "closes_on": closes}),
            "You asked.",
        )
        for closes in (None, date(2026, 5, 1), date(2026, 4, 1))
    ]
    novel = item("novel role", NOVEL, "You asked.")
    assert [one.about.id for one in most_relevant_first([novel, *roles])] == [
        "2026-04-01",
        "2026-05-01",
        "None",
        NOVEL.id,
    ]


def test_the_fullest_digest_is_not_cut_off_and_drops_nothing() -> None:
    """Gmail cuts at 102 kB: the most things in one mail, with long titles and long links, stay under 100 kB. The first are
    in full, the rest in a line each; every title and every link is there."""
    links = [f"https://jobs.camden.example/{'x' * 300}/{n}" for n in range(IN_A_MAIL)]
    roles = [
        item(
            "new role",
            DATA_ENGINEER.model_copy(update={"id": f"role-{n}", "title": f"{n}. {LONG}", "links": (link,)}),
            "You asked to hear of new roles.",
            relevance=-n,
        )
        for n, link in enumerate(links)
    ]
    letter = letter_of(mail("digest", *roles))
    assert len(letter.html.encode()) < 100_000
    found = Seen(letter.html).links
    assert [link for link in found if link in links] == links
    assert letter.html.count("Level 4 Zone 2") == IN_FULL
    for n, link in enumerate(links):
        assert f"{n}." in letter.text
        assert link in letter.text


def test_what_asks_for_an_answer_is_never_shortened() -> None:
    """However much else there is: each shortlist has all its links to accept."""
    shortlists = [copy("match proposed", place, -1.0) for place in range(5)]
    letter = letter_of(mail("digest", *EXAMPLES["long-digest"].items, *shortlists))
    assert len([link for link in Seen(letter.html).links if "/answer/" in link]) == 3 * len(shortlists)


def test_reasons_that_differ_stand_by_each_thing() -> None:
    """Where two roles came for two reasons, each says its own; where for the same, the section says it once."""
    two = [
        item("new role", DATA_ENGINEER, "You asked for data."),
        item("new role", USER_RESEARCHER, "You asked for research."),
    ]
    text = letter_of(mail("digest", *two)).text
    assert text.count("You asked for data.") == text.count("You asked for research.") == 1
    same = [item("new role", role, "You asked for all.") for role in (DATA_ENGINEER, USER_RESEARCHER)]
    assert (
        letter_of(mail("digest", *same)).text.count("You asked for all.") == 2
    )  # above the roles, and in the foot


def test_a_digest_of_one_thing_is_a_letter_about_it() -> None:
    """In full, with a button; and its subject is the thing's."""
    letter = letter_of(EXAMPLES["new-role"])
    assert (
        letter.subject == "Senior Data Engineer, Housing and Homelessness Insight, London Borough of Camden"
    )
    assert "Read the advert:" in letter.text
    assert Seen(letter.html).headings == [1]


def test_the_subject_says_what_is_first_and_how_much_more() -> None:
    """As a mailbox lists it."""
    assert letter_of(EXAMPLES["new-roles"]).subject.startswith("3 new roles: Senior Data Engineer, Housing")
    assert letter_of(EXAMPLES["new-roles"]).subject.endswith("and 2 more")
    assert letter_of(EXAMPLES["digest"]).subject.startswith("Below the market: Senior Data Engineer")
    two = mail("digest", *EXAMPLES["new-roles"].items[:2])
    assert letter_of(two).subject.endswith("and one more")


def test_one_stop_link_for_all_topics() -> None:
    """A digest has one foot."""
    reader = EXAMPLES["digest"].contacts[0].id
    assert Seen(letter_of(EXAMPLES["digest"]).html).links.count(LINKS.unsubscribe(reader)) == 1


def test_what_is_kept_for_many_readers_is_what_each_would_get() -> None:
    """A thing is put into words once for all its readers; each still gets its own links, and a thing that says something
    else under the same id is told anew."""
    first, again = letter_of(EXAMPLES["digest"]), letter_of(EXAMPLES["digest"])
    assert (first.text, first.html, first.markdown) == (again.text, again.html, again.markdown)
    other_reader = READER.model_copy(update={"id": "contact-other"})
    items = [
        replace(one, contact_id=other_reader.id, contact=other_reader) for one in EXAMPLES["digest"].items
    ]
    other = letter_of(mail("digest", *items))
    assert other.html == first.html.replace(READER.id, other_reader.id)
    corrected = DATA_ENGINEER.model_copy(update={"title": "Corrected"})
    assert "Corrected" in letter_of(mail("digest", item("new role", corrected, "You asked."))).text
    tomorrow = compose(EXAMPLES["new-roles"], links=LINKS, site=SITE, now=NOW + timedelta(days=1))
    assert "(in 3 days)" in letter_of(EXAMPLES["new-roles"]).text
    assert "(in 2 days)" in tomorrow.text
