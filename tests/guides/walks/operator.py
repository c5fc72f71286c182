"""The pages that `operator.md` names."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.guides.hand import Hand
from tests.guides.walks.manager import signed_in


def see_how_it_does(hand: Hand) -> None:
    signed_in(hand)
    hand.menu("System")
    hand.sees("Boards", "Who listens", "Dead letters")
    hand.tab.get_by_role(
        "columnheader", name="Messages behind"
    ).wait_for()  # Kafka is asked when somebody looks
    hand.picture("operator-system", at="Who listens")


WALK: Final[Mapping[str, Callable[[Hand], None]]] = {"See how it does": see_how_it_does}
