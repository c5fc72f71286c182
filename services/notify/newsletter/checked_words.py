"""What is wrong within the paragraphs of a newsletter, and which links stand in them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.token import Token

from services.notify.newsletter.edition_file import EditionFile, Problem
from services.notify.newsletter.inlines import is_web_or_mail
from services.notify.newsletter.markdown import parser

_TAG: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>|<!--")
_NOT_A_LINK: Final = re.compile(r"\]\(([^)]*)\)?")
_BARE: Final = re.compile(r"https?://\S+")
_SAYS_NOTHING: Final = frozenset(
    ("here", "click here", "link", "this link", "read more", "more", "this", "this page", "find out more")
)


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A web address in the file, and the line in which it stands."""

    url: str
    line: int


def links_in(file: EditionFile) -> tuple[WrittenLink, ...]:
    """Every web address that a reader could follow, in the order in which they stand."""
    return tuple(
        WrittenLink(url, line)
        for token, line in spans(file)
        if token.type in ("link_open", "image")
        and (url := str(token.attrs.get("href" if token.type == "link_open" else "src", ""))).startswith(
            "http"
        )
    )


def problems_in_words(file: EditionFile) -> Iterator[Problem]:
    """Links, pictures, tags and addresses that do not do what their writer wants."""
    inside: list[str] | None = None
    for token, line in spans(file):
        match token.type:
            case "link_open":
                inside = []
                url = str(token.attrs.get("href", ""))
                if not is_web_or_mail(url):
                    yield _not_absolute(url, line)
            case "link_close":
                yield from _link_words("".join(inside or []), line)
                inside = None
            case "image":
                yield from _image(token, line)
                if inside is not None:
                    inside.append(token.content)
            case "text" | "code_inline" | "text_special":
                if inside is not None:
                    inside.append(token.content)
                elif token.type == "text":
                    yield from _plain(token.content, line)


def _link_words(words: str, line: int) -> Iterator[Problem]:
    said = " ".join(words.split())
    if not said:
        yield Problem(line, "A link has no words.", "Write between [ and ] where it leads.")
    elif said.lower().rstrip(".!") in _SAYS_NOTHING:
        yield Problem(
            line,
            f"The link {said!r} does not say where it leads.",
            "Name the page: many hear links alone.",
            False,
        )


def _image(token: Token, line: int) -> Iterator[Problem]:
    url = str(token.attrs.get("src", ""))
    if not token.content.strip():
        yield Problem(line, "A picture has no words.", "Write between ![ and ] what it shows, or delete it.")
    if not is_web_or_mail(url) or not url.startswith("http"):
        yield _not_absolute(url, line)
    yield Problem(line, "Mails carry no pictures.", "Readers get a link to this one.", serious=False)


def _not_absolute(url: str, line: int) -> Problem:
    return Problem(
        line,
        f"{url[:80]!r} leads nowhere from a mailbox.",
        "Write the whole address, beginning with https://.",
    )


def _plain(text: str, line: int) -> Iterator[Problem]:
    if found := _NOT_A_LINK.search(text):
        yield Problem(
            line,
            f"({found.group(1)[:80]}) is not read as a link.",
            "Write [words](https://…), without spaces in it.",
        )
    elif found := _BARE.search(text):
        yield Problem(
            line,
            f"{found.group()[:80]} is no link yet.",
            "Put < and > around it, or write [words](address).",
            False,
        )
    if found := _TAG.search(text):
        yield Problem(
            line,
            f"{found.group()[:40]} is shown as it stands: HTML is off.",
            "Use Markdown, such as **bold**.",
        )


def tokens_of(file: EditionFile) -> Sequence[Token]:
    """The Markdown's blocks, and in each its inlines."""
    return parser().parse(file.markdown)


def spans(file: EditionFile) -> Iterator[tuple[Token, int]]:
    """Everything within paragraphs and headings, with its line."""
    for token in parser(joined=False).parse(file.markdown):
        line = line_of(token, file)
        for span in token.children or []:
            yield span, line
            if span.type in ("softbreak", "hardbreak"):
                line += 1


def line_of(token: Token, file: EditionFile) -> int:
    """In which line of its file a token stands."""
    return file.first_line + (token.map[0] if token.map else 0)
