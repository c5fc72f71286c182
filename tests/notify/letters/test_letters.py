"""What every kind of letter says, in all three forms."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from loti_contracts.events import BenchmarkInBrief, Candidate
from services.notify.letters.compose import compose
from services.notify.letters.examples import EXAMPLES, item, mail
from services.notify.letters.examples_matches import ACCEPTED, PROPOSED
from services.notify.letters.examples_news import EVENT
from services.notify.letters.examples_people import READER, RECRUITER
from services.notify.letters.examples_roles import BELOW, DATA_ENGINEER, NOW
from services.notify.letters.letter import Letter
from services.notify.letters.topics import CannotBeTold
from services.notify.letters.topics.matches import RESULTS
from services.notify.mails import Mail
from services.notify.telling.introductions import NobodyToIntroduce
from tests.notify.letters.reading import LINKS, SITE, Seen, in_markdown, letter_of
from tests.notify.making import candidate, match

FACTS: dict[str, tuple[str, ...]] = {
    "new-role": (
        "Senior Data Engineer, Housing and Homelessness Insight",
        "London Borough of Camden",
        "£52,413 to £58,006 a year",
        "full-time equivalent",
        "Data engineer, senior",
        "21 April 2026",
        "You asked to hear of new Data or User-centred design roles.",
    ),
    "benchmark-moved": ("£52,600 → £55,400", "5.3%", "14 adverts", "Data engineer, senior, inner London"),
    "offer-below-market": (
        "Senior Data Engineer, Housing and Homelessness Insight",
        "£2,090.50 a year short",
        "£52,413 to £58,006 a year",
        "13 other offers reach £57,300",
    ),
    "shared-demand": (
        "Four boroughs look for an enterprise architect",
        "2 adverts, one of them again",
        "1 advert; 1 request for help to recruit",
        "Hackney had to advertise again",
        "Lead Enterprise Architect",
    ),
    "novel-role": ("Data Journalist (12 months fixed term)", "Brent", "has a 'journalist' in its title"),
    "match-proposed": (
        "Two recruiters could help you with a Data engineer role",
        "Tom Whitfield",
        "Southwark Digital Talent",
        "Filled four data posts",
        "Accept Priya Nadar",
        "None of them fits: decline",
        "Others offer £52,200 to £60,100",
        "Data Engineer (Children's Services)",
    ),
    "introduction": (
        "Amara Osei",
        "tom.whitfield@recruiters.example",
        "Is free now",
        "Others offer £52,200 to £60,100",
        "14 adverts, 9 boroughs",
        "13 April 2026",
        "30 June 2026",
        "30 September 2026",
        "The post has been advertised twice",
        "closes 12 April 2026",
        "say that it does not fit",
    ),
    "follow-up-due": (
        "Two weeks ago",
        "Tom Whitfield (LOTI recruiter pool)",
        "Somebody was hired",
        "It did not fit",
    ),
    "source-failing": (
        "Camden's jobs board cannot be read",
        "status 503",
        "Monday 30 March 2026, 03:00",
        "3 times",
    ),
    "library-news": ("How Hackney hired three user researchers", "the scoring sheet", "Case study · Hackney"),
    "event": (
        "Thursday 16 April 2026, 10:00 to 11:30",
        "5 Pancras Square, London N1C 4AG",
        "Add it to your calendar",
    ),
    "confirmation": (
        "New jobs",
        "lead or principal level",
        "from £60,000 a year",
        "Yes, send me these",
        "once a week",
    ),
    "renewal": ("29 April 2026", "Yes, keep them coming", "At most 3 emails a day"),
    "newsletter": (
        "What London's boroughs looked for in March",
        "Four boroughs, one architect",
        "Share one recruiter",
    ),
    "digest": (
        "and eight more things",
        "Who could help you",
        "Your offers below the market",
        "Events",
        "Pay that moved",
    ),
}


def spoken(text: str) -> str:
    """On one line, without the marks that keep words from becoming links or Markdown."""
    return " ".join(text.replace("\u200b", "").replace("\\", "").split())


@pytest.mark.parametrize("kind", FACTS)
def test_each_letter_says_its_facts_in_every_form(kind: str) -> None:
    """What a kind of letter is for stands in its HTML, its plain text and its Markdown."""
    letter = letter_of(EXAMPLES[kind])
    for fact in FACTS[kind]:
        assert fact in Seen(letter.html).text
        assert fact in spoken(letter.text)
        assert fact in spoken(letter.markdown)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_letter_is_sound_html(kind: str) -> None:
    """Language set, one h1 first and no level skipped, no image, script or remote style, styles in the tags, whole in
    Gmail, which cuts at 102 kB."""
    html = letter_of(EXAMPLES[kind]).html
    page = Seen(html)
    assert page.language == "en-GB"
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert not {"img", "script", "link", "iframe", "form", "input"} & set(page.tags)
    assert "url(" not in html
    assert "prefers-color-scheme: dark" in html
    assert 'name="color-scheme"' in html
    assert "<!--[if mso]>" in html
    assert "max-width: 600px" in html
    assert '<h1 style="' in html
    assert len(html.encode()) < 100_000


@pytest.mark.parametrize("kind", EXAMPLES)
def test_all_three_forms_have_the_same_links_and_all_are_real(kind: str) -> None:
    """Each link is absolute http(s), or mailto of one of the two who are introduced; each is made by the links' maker or
    came with an event; and each form has the same."""
    letter = letter_of(EXAMPLES[kind])
    links = Seen(letter.html).links
    came_with_events = set(re.findall(r"""https?://[^\s"'()\\]+""", repr(EXAMPLES[kind])))
    ours = "https://talent-exchange.example/"
    for link in links:
        assert link.startswith(("https://", "http://", "mailto:"))
        assert link in came_with_events or link.startswith((ours, "mailto:"))
    assert in_markdown(letter.markdown)[1] == links
    for link in links:
        assert link.removeprefix("mailto:") in letter.text
    assert bool(links)


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if EXAMPLES[kind].kind != "introduction"])
def test_every_letter_to_one_says_why_and_how_to_change_or_stop_it(kind: str) -> None:
    """Why it came, where to choose, where to see what was told, and where to stop: the reader's own links."""
    letter = letter_of(EXAMPLES[kind])
    reader = EXAMPLES[kind].contacts[0].id
    links = Seen(letter.html).links
    assert LINKS.unsubscribe(reader) in links
    assert LINKS.preferences(reader) in links
    assert "Why you get this" in letter.text


def test_a_shortlist_has_a_link_to_accept_each_and_one_to_decline_all() -> None:
    """Whoever is asked can answer from the letter, alone or within a digest."""
    wanted = [LINKS.answer(PROPOSED, READER.id, one) for one in ("supporter-1", "supporter-2", None)]
    for kind in ("match-proposed", "digest"):
        links = Seen(letter_of(EXAMPLES[kind]).html).links
        assert [link for link in links if "/answer/" in link] == wanted


def test_a_follow_up_has_a_link_for_each_result_that_counts() -> None:
    """One click says what came of it."""
    links = Seen(letter_of(EXAMPLES["follow-up-due"]).html).links
    about = EXAMPLES["follow-up-due"].items[0].about
    assert isinstance(about, type(PROPOSED))
    assert [link for link in links if "/outcome/" in link] == [
        LINKS.outcome(about, READER.id, result) for result in RESULTS[about.kind]
    ]


def test_an_event_has_its_calendar_file() -> None:
    """The .ics, and where to join."""
    links = Seen(letter_of(EXAMPLES["event"]).html).links
    assert LINKS.calendar(EVENT.id) in links
    assert EVENT.happening is not None
    assert EVENT.happening.online in links


def test_a_confirmation_has_one_yes_and_the_ask_is_in_it() -> None:
    """The link that says yes answers this ask and no other."""
    links = Seen(letter_of(EXAMPLES["confirmation"]).html).links
    assert links.count(LINKS.confirm(READER.id, "ask-1")) == 1


def introduction(**changes: object) -> Mail:
    """To Amara and Tom, of a match that differs so."""
    told = ACCEPTED.model_copy(update=changes)
    return mail(
        "introduction", *(item("introduction", told, "You asked.", to=to) for to in (READER, RECRUITER))
    )


def test_an_introduction_shows_no_personal_link_of_the_supporter() -> None:
    """Both read the same letter, so what is in it must not speak for the one who did not ask."""
    assert not [link for link in Seen(letter_of(introduction()).html).links if RECRUITER.id in link]


def test_the_strongest_reason_comes_first_and_what_scored_nothing_is_no_reason() -> None:
    """Reasons stand in the order in which they counted."""
    told = match(requester_contact_id=READER.id, accepted=candidate(RECRUITER.id))
    text = letter_of(
        mail("introduction", *(item("introduction", told, "You asked.", to=to) for to in (READER, RECRUITER)))
    ).text
    assert text.index("eight years") < text.index("free in December")
    assert "Nothing in common" not in text


def test_follow_ups_that_are_stated_are_the_dates_said() -> None:
    """Where matching already says when it asks, the letter says those days."""
    assert "13 April 2026, 30 June 2026 and 30 September 2026" in spoken(letter_of(introduction()).text)


def test_follow_ups_that_are_not_stated_stay_in_their_month() -> None:
    """Two weeks, three months and six months after the answer: three months after 30 November is 28 February."""
    answered = datetime(2026, 11, 30, 12, tzinfo=UTC)
    text = spoken(letter_of(introduction(answered_at=answered, follow_ups=())).text)
    assert "14 December 2026, 28 February 2027 and 30 May 2027" in text


def test_a_benchmark_of_one_advert_reads_well() -> None:
    """Counts of one are in the singular."""
    brief = BenchmarkInBrief(
        standard_role="Data engineer",
        level="all",
        area="london",
        p25=1,
        p50=4_500_050,
        p75=3,
        adverts=1,
        boroughs=1,
    )
    text = letter_of(introduction(benchmark=brief)).text
    assert "One advert offers £45,000.50" in text


def test_nobody_is_introduced_to_itself_or_to_nobody() -> None:
    """A match without two known sides raises an error that names ids only."""
    alone = Candidate(supporter_id="s", contact_id=READER.id, score=1, reasons=())
    for bad in (
        introduction(accepted=alone),
        introduction(accepted=None),
        mail("introduction", item("introduction", ACCEPTED, "You asked.")),
    ):
        with pytest.raises(NobodyToIntroduce) as error:
            letter_of(bad)
        assert READER.name not in str(error.value)


def test_an_offer_below_the_market_reads_well_without_its_role() -> None:
    """Where the role is not known, the standard role stands for it, and no link is made up."""
    letter = letter_of(mail("digest", item("offer below market", BELOW, "You asked.")))
    assert "Data engineer, senior, inner London" in letter.subject
    assert "Read the advert" not in letter.text


def test_a_thing_that_no_digest_tells_is_an_error_that_says_so() -> None:
    """A mail whose items are not of its kind cannot be composed, and the error names no person."""
    with pytest.raises(CannotBeTold, match="told as 'introduction'"):
        letter_of(mail("digest", item("introduction", ACCEPTED, "You asked.")))
    for kind in ("confirmation", "renewal", "newsletter"):
        with pytest.raises(ValueError, match="about"):
            letter_of(mail(kind, item("new role", DATA_ENGINEER, "You asked.")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "words"), [(0, "(today)"), (1, "(tomorrow)"), (3, "(in 3 days)"), (8, ""), (-1, "")]
)
def test_what_closes_soon_says_how_soon(days: int, words: str) -> None:
    """By the day in London on which the letter is written."""
    role = DATA_ENGINEER.model_copy(update={"closes_on": NOW.date() + timedelta(days=days)})
    text = compose(mail("digest", item("new role", role, "You asked.")), links=LINKS, site=SITE, now=NOW).text
    line = next(line for line in text.splitlines() if line.startswith("Closes"))
    assert line.endswith(words or "2026")


def test_letters_are_values() -> None:
    """The same mail at the same moment is the same letter."""
    first, second = letter_of(EXAMPLES["digest"]), letter_of(EXAMPLES["digest"])
    assert first == second
    assert isinstance(first, Letter)
