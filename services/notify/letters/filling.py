"""Filling: the gaps of a form, marked while it is rendered, and filled with each reader's own. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from markupsafe import escape

from services.notify.letters.govuk_markdown import escaped, in_brackets
from services.notify.letters.letter import Form, Gapped, Letter
from services.notify.letters.wording import unlinked

# Private-use characters: no text from outside still has one when it reaches a page of blocks.
_MARK: Final = re.compile("\ue000([a-z]+)\ue001")


def gap(name: str) -> str:
    """The mark of a gap, to stand in a text or as an address."""
    return f"\ue000{name}\ue001"


def gapped(marked: str) -> Gapped:
    """A rendered text, cut at its marks."""
    parts = _MARK.split(marked)
    return Gapped(tuple(parts[::2]), tuple(parts[1::2]))


def fill(form: Form, own: Mapping[str, str]) -> Letter:
    """The letter of one reader. What is the reader's own is plain text or an address, and is escaped for each form."""
    plain = {name: value if _is_address(value) else unlinked(value) for name, value in own.items()}
    html = {name: str(escape(value)) for name, value in plain.items()}

    def in_markdown() -> str:
        return form.markdown.filled(
            {
                name: in_brackets(value) if _is_address(value) else escaped(value)
                for name, value in plain.items()
            }
        )

    return Letter(
        form.subject, form.text.filled(plain), form.html.filled(html), in_markdown, form, plain, html
    )


def _is_address(value: str) -> bool:
    return value.startswith(("https://", "http://"))
