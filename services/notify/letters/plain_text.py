"""Plain text: lines of at most 72 characters, with each address on a line of its own. Pure."""

import re
from functools import lru_cache
from typing import Final

from services.notify.letters.blocks import Inlines, Link
from services.notify.letters.wording import unlinked

WIDTH: Final = 72
"""What a reply can quote and still fit in 80."""

_SPACES = re.compile(r" +")


def wrapped(text: str, first: str = "", after: str = "") -> str:
    """The words on lines of `WIDTH`, the first behind `first`, the others behind `after`. No word is broken."""
    text = text.strip(" ")
    if len(first) + len(text) <= WIDTH and "  " not in text:
        return f"{first}{text}".rstrip()
    lines: list[str] = []
    line, empty = first, True
    for word in _SPACES.split(text):
        if not empty and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, empty = after, True
        line += word if empty else f" {word}"
        empty = False
    return "\n".join([*lines, line.rstrip()])


@lru_cache(maxsize=4_096)  # a thing in brief is the same line for all its readers
def worded(inlines: Inlines, first: str = "") -> str:
    """Inlines on lines, the first behind `first` and the others as far in. A link's address stands below its words; where
    there are several, a number says which is whose. A link whose words are its address is said once."""
    after = " " * len(first)
    links = [one for one in inlines if isinstance(one, Link) and not _says_itself(one)]
    if len(links) > 1 and all(isinstance(one, Link) or one.text.strip() in ("", "·") for one in inlines):
        return "\n".join(
            f"{wrapped(f'{link.text}:', first if at == 0 else after, after)}\n{after}{link.url}"
            for at, link in enumerate(links)
        )
    words = "".join(
        one.text
        if isinstance(one, Link) and _says_itself(one)
        else f"{unlinked(one.text)} [{links.index(one) + 1}]"
        if isinstance(one, Link) and len(links) > 1
        else unlinked(one.text)
        for one in inlines
    )
    below = [
        f"{after}{f'[{at}] ' if len(links) > 1 else ''}{link.url.removeprefix('mailto:')}"
        for at, link in enumerate(links, 1)
    ]
    return "\n".join([wrapped(words, first, after), *below])


def _says_itself(link: Link) -> bool:
    return link.url.removeprefix("mailto:") == link.text


def underlined(text: str, with_: str) -> str:
    """The line below a heading: as long as the heading, or as a line is."""
    return with_ * min(len(text), WIDTH)
