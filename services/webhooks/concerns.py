"""Which authorities an event concerns, and how a person names them."""

import difflib
from collections.abc import Iterable

from loti_contracts.events import Event
from loti_contracts.events.base import State
from loti_contracts.vocabulary import authorities

NAMED_IN = ("authorities", "boroughs", "borough", "own_borough")
"""The fields of a state that say whose thing it is. Others, such as `not_for`, name authorities too, but not as theirs."""


class NoSuchAuthority(ValueError):
    """The text names none of the 33 authorities; it says which are near."""


def concerned(event: Event) -> frozenset[str]:
    """GSS codes of those whose thing it is; none where it is nobody's, such as a benchmark."""
    return frozenset(code for field in NAMED_IN for code in _codes(event.state, field))


def _codes(state: State, field: str) -> Iterable[str]:
    value = getattr(state, field, None)
    for one in value if isinstance(value, tuple) else (value,):
        code = getattr(one, "gss", one)
        if isinstance(code, str):
            yield code


def authority_named(text: str) -> str:
    """The GSS code of an authority by its code or name. Raises NoSuchAuthority."""
    wanted = _plain(text)
    by_name = {_plain(one.name): one for one in authorities().values()}
    found = authorities().get(text.strip().upper()) or by_name.get(wanted)
    if found is None:
        near = [by_name[name].name for name in difflib.get_close_matches(wanted, by_name, n=3)]
        raise NoSuchAuthority(
            f"{text!r} is none of the 33 London authorities, by name or GSS code"
            + (f"; perhaps {', '.join(near)}" if near else "")
        )
    return found.gss


def _plain(name: str) -> str:
    words = name.casefold().replace("&", "and").split()
    return " ".join(word for word in words if word not in ("london", "borough", "of", "royal", "the"))
