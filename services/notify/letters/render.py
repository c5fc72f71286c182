"""Renderers: one page of blocks becomes HTML with its styles in the tags, plain text, and GOV.UK Notify's Markdown.
Pure but for reading the templates once.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, Literal

import jinja2
from jinja2.ext import Extension
from markupsafe import Markup

from services.notify.letters import inlines, plain_text
from services.notify.letters.blocks import Block, Page, Passage
from services.notify.letters.filling import gapped
from services.notify.letters.govuk_markdown import escaped, in_brackets
from services.notify.letters.letter import Form, Letter, Site
from services.notify.letters.styles import Styles
from services.notify.letters.wording import one_line, unlinked

LONGEST_SUBJECT: Final = 120
_Kind = Literal["txt", "html", "md"]


def render(page: Page, site: Site) -> Letter:
    """The letter that the page is."""
    drawing = Drawing(page, site, environment())
    return Letter(drawing.subject, drawing.text(), drawing.html(), drawing.markdown)


def form(page: Page, site: Site) -> Form:
    """The letter of a page with gaps, for all its readers."""
    drawing = Drawing(page, site, environment())
    return Form(drawing.subject, gapped(drawing.text()), gapped(drawing.html()), gapped(drawing.markdown()))


class Drawing:
    """A page, to be drawn in any of the three forms by templates that `environment` made."""

    def __init__(self, page: Page, site: Site, templates: jinja2.Environment) -> None:
        self.subject = one_line(page.subject, LONGEST_SUBJECT)
        self._page = page
        self._templates = templates
        self._site = Site(one_line(site.name), one_line(site.postal) if site.postal else None)

    def text(self) -> str:
        """Plain text."""
        return self._drawn("txt").strip() + "\n"

    def html(self) -> str:
        """HTML."""
        return self._drawn("html")

    def markdown(self) -> str:
        """GOV.UK Notify's Markdown."""
        return self._drawn("md").strip() + "\n"

    def _drawn(self, kind: _Kind) -> str:
        body = Markup("".join(self._body(kind)))  # noqa: S704 - what templates made
        page = self._templates.get_template(f"page.{kind}.j2")
        return page.render(page=self._page, subject=self.subject, site=self._site, body=body)

    def _body(self, kind: _Kind) -> Iterator[str]:
        """Passages as they are kept, and what is between them."""
        between: list[Block] = []
        for part in self._page.blocks:
            if not isinstance(part, Passage):
                between.append(part)
                continue
            if between:
                yield _blocks(self._templates, kind, tuple(between))
                between = []
            yield _passage(self._templates, kind, part)
        if between:
            yield _blocks(self._templates, kind, tuple(between))


@lru_cache(maxsize=8_192)
def _passage(templates: jinja2.Environment, kind: _Kind, passage: Passage) -> str:
    return _blocks(templates, kind, passage.blocks)


def _blocks(templates: jinja2.Environment, kind: _Kind, blocks: tuple[Block, ...]) -> str:
    return templates.get_template(f"blocks.{kind}.j2").render(blocks=blocks)


@cache
def environment(loader: jinja2.BaseLoader | None = None) -> jinja2.Environment:
    """What templates may use; from elsewhere than this package, if a loader is given."""
    made = jinja2.Environment(
        loader=loader or jinja2.PackageLoader("services.notify.letters"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    styles = Styles(made.get_template("letter.css").render())
    made.add_extension(_styled_by(styles))
    in_html = inlines.in_html(styles)
    made.filters |= {
        "kind": _kind,
        "unlinked": unlinked,
        "escaped": escaped,
        "in_brackets": in_brackets,
        "html": in_html,
        "html_lines": inlines.lines_in_html(in_html),
        "markdown": inlines.in_markdown,
        "markdown_lines": inlines.lines_in_markdown,
        "wrapped": plain_text.wrapped,
        "worded": plain_text.worded,
        "underlined": plain_text.underlined,
    }
    return made


def _styled_by(styles: Styles) -> type[Extension]:
    """What puts the styles into the tags of each template of HTML, as it is loaded."""

    class Styled(Extension):
        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
            return styles.in_tags(source) if name and name.endswith(".html.j2") else source

    return Styled


def _kind(block: Block) -> str:
    return type(block).__name__
