"""Which ways stand at the top of every page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.portal.signin.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Way:
    """A link. `here`: the page is this one, or below it."""

    text: str
    url: str
    here: bool = False


_EVERYBODY: Final = (
    ("Jobs", "/jobs"),
    ("Pay", "/pay"),
    ("Library", "/library"),
    ("Events", "/events"),
    ("Help", "/help"),
)
_STAFF: Final = (("Rounds", "/rounds"), ("Drafts", "/library/drafts"), ("System", "/system"))


def navigation(visitor: Visitor, path: str) -> Sequence[Way]:
    """What this visitor may go to, in order; at most one of them is here: the one whose address fits best."""
    ways = [*_EVERYBODY]
    if visitor.may("borough member"):
        ways.append(("Our requests" if "LOTI staff" not in visitor.kinds else "Requests", "/help/requests"))
    if "supporter" in visitor.kinds:
        ways.append(("Supporting", "/supporting"))
    if "LOTI staff" in visitor.kinds:
        ways.extend(_STAFF)
    fitting = [url for _, url in ways if path == url or path.startswith(f"{url}/")]
    best = max(fitting, key=len, default=None)
    return [Way(text, url, url == best) for text, url in ways]
