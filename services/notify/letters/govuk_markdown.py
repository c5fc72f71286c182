"""GOV.UK Notify's Markdown: what its email templates understand. Pure.

It knows headings of two levels, lists, inset text (^), rules and links, and neither bold nor italics. Source: the
renderers of alphagov/notifications-utils, `notifications_utils/markdown.py`.
"""

import re
from typing import Final

_SPACE: Final = "\u200b"
_MEANT: Final = str.maketrans(
    {character: f"\\{character}" for character in "\\[]`*_|~"} | {"<": f"<{_SPACE}"}
)
_BEGINS = re.compile(r"^(?=\s*(?:[#*+\-^•>=|~:]|\d+[.)]))")
_UNFIT: Final = str.maketrans({character: f"%{ord(character):02X}" for character in "() \\[]<>"})


def escaped(text: str) -> str:
    """Words in which nothing begins a link, an image, a code or a tag; `((` is no placeholder."""
    return text.translate(_MEANT).replace("((", f"({_SPACE}(")


def begun(line: str) -> str:
    """A line that begins no heading, list, inset or rule, whatever its first characters are."""
    return _BEGINS.sub(_SPACE, line)


def in_brackets(url: str) -> str:
    """An address as it may stand between a link's brackets."""
    return url.translate(_UNFIT)
