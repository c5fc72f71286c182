"""The pages that `developer.md` names."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.guides.hand import Hand


def see_what_is_said(hand: Hand) -> None:
    hand.open()
    hand.menu("Events catalogue")
    hand.picture("developer-catalogue")
    hand.press("london.loti.role.discovered.v1")
    hand.sees("Example")


WALK: Final[Mapping[str, Callable[[Hand], None]]] = {"See what is said": see_what_is_said}
