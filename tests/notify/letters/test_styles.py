"""Styles go into the tags, once, and only those that can."""

import pytest

from services.notify.letters.styles import NotSimple, Styles

SHEET = Styles(
    """/* h1 { color: red } */
    h1, .quiet { color: #111; margin: 0 }
    h1 { font-family: Georgia, "Times New Roman" }
    .press { color: #fff }
    a { color: #00f; text-decoration: underline }
    h1.quiet { margin: 1px }"""
)


@pytest.mark.parametrize(
    ("source", "styled"),
    [
        (
            "<h1>x</h1>",
            "<h1 style=\"color: #111; margin: 0; font-family: Georgia, 'Times New Roman'\">x</h1>",
        ),
        ('<p class="quiet">x</p>', '<p class="quiet" style="color: #111; margin: 0">x</p>'),
        (
            '<a class="press" href="{{ url }}">',
            '<a class="press" style="color: #fff; text-decoration: underline" href="{{ url }}">',
        ),
        ('<a href="{{ url }}">', '<a style="color: #00f; text-decoration: underline" href="{{ url }}">'),
        ("<p>x</p>", "<p>x</p>"),
        ("{% if a < b %}<br>{% endif %}", "{% if a < b %}<br>{% endif %}"),
    ],
)
def test_a_tag_gets_the_rules_of_its_name_and_class(source: str, styled: str) -> None:
    """The class's rule over the tag's; what the template fills in is left alone."""
    assert SHEET.in_tags(source) == styled


def test_both_a_tag_and_a_class_is_the_narrowest() -> None:
    """Whatever the order in the sheet."""
    assert "margin: 1px" in SHEET.of("h1", "quiet")


@pytest.mark.parametrize("selector", [".a .b", "h1 > a", "a:hover", "#id", "*", "@media print"])
def test_a_selector_that_looks_further_is_refused(selector: str) -> None:
    """It would be lost silently; the error says where it belongs."""
    with pytest.raises(NotSimple, match=r"views\.css"):
        Styles(f"{selector} {{ color: red }}")
