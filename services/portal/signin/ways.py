"""Ways on: where one signs in, and where one may come back to. Pure."""

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

HOME: Final = "/"
_LONGEST: Final = 2_000
_STRANGE: Final = re.compile(r"[\x00-\x20\x7f\\]|[^\x00-\x7f]")


def sign_in_path(back_to: str) -> str:
    """The page where one signs in, and comes back from to this one."""
    return f"/sign-in?next={quote(own_path(back_to), safe='')}"


def own_path(text: str, *, otherwise: str = HOME) -> str:
    """The text if it is a path on this very site, with its query; `otherwise` if it leads anywhere else.

    Browsers take `//host`, `/\\host` and paths with tabs or newlines in them for other sites (URL standard of WHATWG,
    "basic URL parser"), so none of these is a path of ours; nor is a page that would sign in or out at once.
    """
    if not text.startswith("/") or text.startswith("//") or len(text) > _LONGEST or _STRANGE.search(text):
        return otherwise
    try:
        parts = urlsplit(text)
    except ValueError:
        return otherwise
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or path.startswith(("//", "/sign-in", "/sign-out")):
        return otherwise
    return text.partition("#")[0]
