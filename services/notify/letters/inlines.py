"""Inlines drawn in HTML and in GOV.UK Notify's Markdown. Pure.

Written here and not in the templates, since they are the most of a letter and a macro's call costs ten times as much.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from markupsafe import Markup, escape

from services.notify.letters.blocks import Inlines, Link
from services.notify.letters.govuk_markdown import begun, escaped, in_brackets
from services.notify.letters.styles import Styles
from services.notify.letters.wording import unlinked

Drawn: TypeAlias = Callable[[Inlines], Markup]


def in_html(styles: Styles) -> Drawn:
    """What draws inlines in these styles: tags of ours, with everything else escaped."""
    link, soft = (f' style="{styles.of(*tag)}"' for tag in (("a",), ("span", "quiet")))

    @lru_cache(maxsize=4_096)  # a thing in brief is the same line for all its readers
    def drawn(inlines: Inlines) -> Markup:
        made: list[str] = []
        for one in inlines:
            if isinstance(one, Link):
                label = f' aria-label="{escape(one.label)}"' if one.label else ""
                made.append(f'<a href="{escape(one.url)}"{label}{link}>{escape(one.text)}</a>')
                continue
            words = str(escape(unlinked(one.text)))
            if one.strong:
                words = f"<strong>{words}</strong>"
            if one.emphasis:
                words = f"<em>{words}</em>"
            if one.quiet:
                words = f'<span class="quiet"{soft}>{words}</span>'
            made.append(words)
        return Markup("".join(made))  # noqa: S704 - every part is escaped above

    return drawn


def lines_in_html(drawn: Drawn) -> Callable[[tuple[Inlines, ...]], Markup]:
    """What draws them one under the other."""
    return lambda lines: Markup("<br>").join(map(drawn, lines))


def in_markdown(inlines: Inlines, *, begins: bool = False) -> str:
    """Links and words; at the beginning of a line, of nothing but words."""
    said = "".join(
        f"[{escaped(unlinked(one.text))}]({in_brackets(one.url)})"
        if isinstance(one, Link)
        else escaped(unlinked(one.text))
        for one in inlines
    )
    return begun(said) if begins else said


def lines_in_markdown(lines: tuple[Inlines, ...]) -> str:
    """One under the other."""
    return "\n".join(in_markdown(line, begins=True) for line in lines)
