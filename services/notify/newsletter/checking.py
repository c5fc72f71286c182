"""What is wrong with a newsletter before anybody gets it, as far as the text alone tells. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from services.notify.letters.blocks import Button
from services.notify.letters.wording import one_line
from services.notify.newsletter.checked_words import line_of, problems_in_words, tokens_of
from services.notify.newsletter.edition_file import EditionFile, FileRefused, Problem, read_file
from services.notify.newsletter.markdown import BUTTONS, blocks, parser

MOST_BYTES: Final = 200_000
"""Of the Markdown; some mailboxes cut a mail off at half of that."""

_PLACEHOLDER: Final = re.compile(r"\[\[.*?\]\]|\b(?:TODO|FIXME|XXX)\b|\b(?i:lorem ipsum)\b")
_STILL_OPEN: Final = re.compile(r"\bTB[CD]\b")


def problems_of(text: str) -> tuple[EditionFile | None, list[Problem]]:
    """The newsletter in the text of a file, None where it cannot be read; and what is wrong, in the order of lines."""
    try:
        file = read_file(text)
    except FileRefused as error:
        return None, error.problems
    return file, sorted(_problems(file), key=lambda problem: problem.line)


def _problems(file: EditionFile) -> Iterator[Problem]:
    if not file.markdown.strip():
        yield Problem(file.first_line, "There is nothing to read.", "Write it below the facts.")
        return
    if (size := len(file.markdown.encode(errors="replace"))) > MOST_BYTES:
        yield Problem(
            file.first_line,
            f"It is {size:,} bytes long.",
            f"Mails of more than {MOST_BYTES:,} are cut; shorten it.",
        )
        return
    yield from _lines(file)
    yield from _structure(file)
    yield from problems_in_words(file)
    yield from _unused(file)
    if sum(isinstance(block, Button) for block in blocks(file.markdown)) == BUTTONS:
        pressed = list(_button_lines(file))
        for line in pressed[BUTTONS:]:
            yield Problem(
                line, "There are two buttons above.", "This one becomes an ordinary link.", serious=False
            )


def _button_lines(file: EditionFile) -> Iterator[int]:
    for number, line in enumerate(file.markdown.split("\n"), file.first_line):
        if re.fullmatch(r"(\*\*|__)\[[^\]]*\]\([^)]*\)\1", line.strip()):
            yield number


def _lines(file: EditionFile) -> Iterator[Problem]:
    for number, line in enumerate(file.markdown.split("\n"), file.first_line):
        if found := _PLACEHOLDER.search(line):
            yield Problem(
                number,
                f"{one_line(found.group(), 60)!r} waits to be filled in.",
                "Write it, or delete the line.",
            )
        elif found := _STILL_OPEN.search(line):
            yield Problem(
                number, f"{found.group()} says that something is open.", "Is it still?", serious=False
            )


def _structure(file: EditionFile) -> Iterator[Problem]:
    """Headings in their order, and what a person seldom means."""
    above = 1
    tokens = tokens_of(file)
    for token, inline in zip(tokens, [*tokens[1:], None], strict=True):
        line = line_of(token, file)
        if token.type == "heading_open":
            level = int(token.tag[1])
            if level == 1:
                yield Problem(line, "The title is the heading of level 1.", "Begin this one with ##.")
            elif level > 3:
                yield Problem(line, f"A heading of level {level} is too deep.", "Begin it with ## or ###.")
            elif level > above + 1:
                yield Problem(line, "A heading ### has no ## above it.", "Begin this one with ##.")
            above = min(max(level, 2), 3)
            if inline is not None and not inline.content.strip():
                yield Problem(line, "The heading is empty.", "Write it, or delete the line.")
        elif token.type == "code_block":
            yield Problem(
                line, "Four spaces at the start of a line mean code.", "Take them away.", serious=False
            )
        elif token.type == "fence":
            yield Problem(line, "Code is shown as ordinary words.", "Take the fence away.", serious=False)


def _unused(file: EditionFile) -> Iterator[Problem]:
    """`[Note]: something` names an address; where nobody uses the name, the line would be lost."""
    env: dict[str, dict[str, dict[str, object]]] = {}
    tokens = parser().parse(file.markdown, env)
    used = {
        url for token in tokens for span in token.children or [] if (url := str(span.attrs.get("href", "")))
    }
    used |= {
        url for token in tokens for span in token.children or [] if (url := str(span.attrs.get("src", "")))
    }
    for name, reference in env.get("references", {}).items():
        if reference["href"] not in used:
            where = reference.get("map")
            line = file.first_line + (where[0] if isinstance(where, list) else 0)
            yield Problem(
                line,
                f"[{name.lower()[:40]}]: … is read as an address that nothing uses.",
                "Put a \\ before the [.",
            )
