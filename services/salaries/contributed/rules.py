"""The rules of disclosure, each with its reason. `disclose` obeys them; METHOD tells them to an HR director.

The terms are those of statistical disclosure control: Hundepool and others, Handbook on Statistical Disclosure
Control (ESSnet, 2010); Griffiths and others, Handbook on Statistical Disclosure Control for Outputs (2019).
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """Every threshold. The defaults are what is published by; tests switch rules off to see the attack succeed."""

    boroughs: int = 5
    """Threshold rule: fewest boroughs behind a figure, or behind any difference of figures. A borough that takes
    its own pay out of a figure of five still faces four others. Five contributors and a quarter of the weight are
    the pay surveys' old "safety zone" (US Department of Justice and FTC, Statement 6, 1996)."""

    share: Fraction = Fraction(1, 4)
    """Dominance rule, (n, k) with n = 1: the most of the weight that one borough may have; every post weighs one.
    Half of a borough's posts then fit below P25, and as well above P75, so no quartile bounds its median."""

    tail_posts: int = 10
    """Fewest posts behind P10 and P90: of fewer, they are all but the lowest and the highest salary."""

    tail_share: Fraction = Fraction(1, 5)
    """The most of the weight that one borough may have behind P10 and P90, for the reason of `share`: half of a
    fifth is a tenth."""

    step: int = 1_000_00
    """Pence that figures are rounded to, about a pay point: a figure cannot be looked up in a borough's own scale.
    1 to amounts not rounded."""

    wide_step: int = 2_000_00
    """The same for a cell whose P75 is `wide_from` or more: the lowest and the highest salary follow from P10, P90 and
    their neighbours to ten times the rounding, which must stay wider than a tenth of any salary."""

    wide_from: int = 90_000_00

    differences: bool = True
    """Whether figures are audited against everything ever published, by contribution."""

    panels: bool = True
    """Whether they are audited by contributor too, as if every new upload paid what the one before it did."""

    def safe(self, posts: dict[str, int]) -> bool:
        """Whether so many posts by borough pass the threshold rule and the dominance rule."""
        return len(posts) >= self.boroughs and max(posts.values()) <= self.share * sum(posts.values())

    def safe_tails(self, posts: dict[str, int]) -> bool:
        """Whether P10 and P90 may be shown as well."""
        whole = sum(posts.values())
        return whole >= self.tail_posts and max(posts.values()) <= self.tail_share * whole


RULES = Rules()
