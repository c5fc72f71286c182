"""How every letter looks in a real browser: contrast, structure, width. The gate, and that it closes."""

import re

import jinja2
import pytest

from services.notify.letters.blocks import Block, Heading, Page, Paragraph, Text, paragraph, text
from services.notify.letters.examples import EXAMPLES
from services.notify.letters.render import Drawing, environment
from tests import browser as browsers
from tests.browser import LETTER_RULES, Browser, Look
from tests.notify.letters.reading import SITE, letter_of

VIEWS = [(600, False), (600, True), (320, False), (320, True)]


def faults(html: str, browser: Browser) -> list[str]:
    """What is wrong with a letter in any view, a line each."""
    looks = browser.looks(html, VIEWS, rules=LETTER_RULES)
    return [fault for view, look in zip(VIEWS, looks, strict=True) for fault in _faults(view, look)]


def _faults(view: tuple[int, bool], look: Look) -> list[str]:
    width, dark = view
    where = f"{width} px, {'dark' if dark else 'light'}"
    found = [f"{where}: {problem}" for problem in look.problems]
    if look.content_width > width:
        found.append(f"{where}: scrolls sideways, {look.content_width} px")
    return found + [f"{where}: asks for {address}" for address in look.asked]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_letter_is_accessible_in_light_and_dark_wide_and_narrow(kind: str, browser: Browser) -> None:
    """axe finds nothing, nothing scrolls sideways, and nothing is fetched from anywhere."""
    assert faults(letter_of(EXAMPLES[kind]).html, browser) == []


def page(*blocks: Block) -> Page:
    """A letter of these blocks."""
    return Page(
        "A subject", "A preview", (Heading("A title", 1), *blocks), (text("Why you get this: you asked."),)
    )


def html_of(page_: Page, **templates: str) -> str:
    """Its HTML, where some of the templates are others."""
    ours = jinja2.PackageLoader("services.notify.letters")
    return Drawing(page_, SITE, environment(jinja2.ChoiceLoader([jinja2.DictLoader(templates), ours]))).html()


def sheet(old: str, new: str, name: str = "letter.css") -> dict[str, str]:
    """A style sheet with one thing in it changed."""
    source = environment().loader
    assert source is not None
    whole = source.get_source(environment(), name)[0]
    assert old in whole
    return {name: whole.replace(old, new)}


WORDS = page(paragraph("A lead.", "lead"), Paragraph((Text("Words, "), Text("and quiet ones.", quiet=True))))


@pytest.mark.parametrize(
    ("page_", "templates", "fault"),
    [
        (WORDS, {}, None),
        (
            WORDS,
            sheet(".lead { font-size: 18px; line-height: 1.45; color: #59636b", ".lead { color: #b9b3ab"),
            "contrast",
        ),
        (
            WORDS,
            sheet("th, .quiet { color: #a9b2b9", "th, .quiet { color: #39424a", "views.css"),
            "600 px, dark: color-contrast",
        ),
        (
            WORDS,
            sheet(".sheet { width: 100%; max-width: 600px", ".sheet { width: 600px"),
            "320 px, light: scrolls sideways",
        ),
        (page(Heading("Skips a level", 3)), {}, "heading-order"),
        (
            WORDS,
            sheet(".hidden {", ".paper { background-image: url(https://far.example/a.png); } .hidden {"),
            "asks for https",
        ),
    ],
)
def test_the_gate_closes_on_a_broken_template(
    page_: Page, templates: dict[str, str], fault: str | None, browser: Browser
) -> None:
    """Pale words, words too dark for the dark, a table of a fixed width, a skipped heading and a remote picture are each
    found; the same page unbroken passes."""
    found = faults(html_of(page_, **templates), browser)
    if fault is None:
        assert found == []
    else:
        assert any(re.search(fault, one) for one in found), found


def test_a_letter_with_no_language_or_an_unnamed_link_is_found(browser: Browser) -> None:
    """What the templates always do is looked at, too."""
    html = letter_of(EXAMPLES["new-role"]).html
    without_language = html.replace(' lang="en-GB"', "")
    unnamed = html.replace(">Read the advert</a>", "></a>")
    assert any("html-has-lang" in one for one in faults(without_language, browser))
    assert any("link-name" in one for one in faults(unnamed, browser))


def test_ten_kilobytes_in_one_word_do_not_scroll_sideways(browser: Browser) -> None:
    """A word without end wraps, in a heading, a table, a card, a list and the foot."""
    long = "Ω" * 10_000
    kinds = page(
        Heading(long, 2),
        Heading(long, 3, "https://x.example/"),
        paragraph(long, "big"),
        paragraph(long, "note"),
    )
    looks = browser.looks(html_of(kinds), VIEWS, rules={"runOnly": ["heading-order"]})
    assert [look.content_width for look in looks] == [width for width, _ in VIEWS]


def test_without_a_browser_the_gate_is_skipped_unless_it_is_required() -> None:
    """A developer's machine may lack one; where LOTI_TEST_BROWSER=required says that it must not, that fails."""
    with pytest.raises(pytest.skip.Exception, match="none of chromium"):
        browsers.executable(search="", required=False)
    with pytest.raises(pytest.fail.Exception, match="LOTI_TEST_BROWSER=required"):
        browsers.executable(search="", required=True)
