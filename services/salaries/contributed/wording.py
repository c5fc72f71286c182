"""Why a figure is not there, not newer, or without its tails: one sentence each, the same for everybody.

No sentence depends on an amount, and none tells whether anybody contributed where too few did.
"""

from typing import Final

FEW: Final = "Contributed pay is published from at least five boroughs, none of them with more than a quarter of the posts."
"""Said of every cell without a figure, whether four boroughs contribute to it or none."""

COMBINED: Final = (
    "Withheld to protect other figures: taken together with what is published already, it could show what fewer than"
    " five boroughs pay (complementary suppression)."
)

HELD_BACK: Final = (
    "These are the last figures that were safe to publish. What boroughs contributed since is held back until the"
    " difference comes from at least five of them."
)

TAILS: Final = (
    "P10 and P90 are left out: they take at least ten posts, and no borough with more than a fifth of them."
)
