"""Newsletters: rendered once, filled for each reader."""

from services.notify.letters import editions
from services.notify.letters.compose import compose
from services.notify.letters.examples import EXAMPLES, item, mail
from services.notify.letters.examples_news import EDITION
from services.notify.letters.examples_people import READER, RECRUITER
from services.notify.letters.examples_roles import NOW
from services.notify.letters.letter import Letter, Site
from tests.notify.letters.reading import LINKS, SITE, Seen, letter_of


def to(contact_id: str, why: str = "You asked to hear of the newsletter.", **changes: object) -> Letter:
    """The letter of one reader."""
    reader = READER.model_copy(update={"id": contact_id})
    edition = EDITION.model_copy(update=changes)
    return letter_of(mail("newsletter", item("newsletter", edition, why, to=reader)))


def test_each_reader_gets_its_own_links_and_reason_and_nobody_elses() -> None:
    """Two letters of one edition differ in nothing else, in all three forms."""
    one, other = to("contact-1"), to("contact-2", "Somebody signed you up <b>.")
    for form in ("text", "html", "markdown"):
        first, second = getattr(one, form), getattr(other, form)
        assert LINKS.unsubscribe("contact-1") in first
        assert "contact-2" not in first
        made_alike = second.replace("contact-2", "contact-1")
        for shown in (
            "Somebody signed you up &lt;b&gt;.",
            "Somebody signed you up <\u200bb>.",
            "Somebody signed you up <b>.",
        ):
            made_alike = made_alike.replace(shown, "You asked to hear of the newsletter.")
        assert made_alike == first


def test_a_filled_letter_is_the_letter_that_its_form_says() -> None:
    """Whoever encodes the form piece by piece sends the same words."""
    letter = to("contact-1")
    assert letter.form is not None
    assert letter.own_text is not None
    assert letter.own_html is not None
    assert letter.form.text.filled(letter.own_text) == letter.text
    assert letter.form.html.filled(letter.own_html) == letter.html
    assert set(letter.form.html.gaps) == set(editions.OWN)


def test_readers_share_one_form_and_a_changed_edition_has_another() -> None:
    """A draft that was edited between two tests to oneself is not sent as it was before."""
    assert to("contact-1").form is to("contact-2").form
    assert to("contact-1", markdown="Other words.").form is not to("contact-1").form
    assert "Other words." in to("contact-1", markdown="Other words.").text
    again = compose(EXAMPLES["newsletter"], links=LINKS, site=Site("Another name"), now=NOW)
    assert "Another name" in again.html
    assert SITE.name not in again.html


def test_an_editor_cannot_write_a_gap() -> None:
    """The marks of gaps, typed into an edition, its title or its summary, are no gaps and are not shown."""
    mark = "\ue000unsubscribe\ue001"
    letter = to(
        "contact-1",
        title=f"T {mark}",
        summary=f"S {mark}",
        markdown=f"M {mark} [x](https://x.example/{mark})",
    )
    assert letter.html.count(LINKS.unsubscribe("contact-1")) == 1
    assert "\ue000" not in letter.html + letter.text + letter.markdown + letter.subject


def test_an_edition_says_its_period_and_where_it_can_be_read() -> None:
    """And its headings begin with one h1."""
    letter = to(RECRUITER.id)
    assert "1 March 2026 to 31 March 2026" in letter.text
    assert EDITION.link in Seen(letter.html).links
    assert Seen(letter.html).headings[:2] == [1, 2]
    assert "Read it as a page" not in to(RECRUITER.id, link="javascript:alert(1)").text
