"""The figures of a cell of contributed pay, rounded."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain

from loti_contracts.events import ContributedPay, PaidQuantiles
from services.salaries.contributed.contributions import Contribution, posts_by_borough
from services.salaries.contributed.rules import Rules
from services.salaries.contributed.wording import TAILS

_QUARTERS = {"p25": Fraction(1, 4), "p50": Fraction(1, 2), "p75": Fraction(3, 4)}
_TAILS = {"p10": Fraction(1, 10), "p90": Fraction(9, 10)}


def figures(inside: Sequence[Contribution], rules: Rules) -> ContributedPay:
    """What is paid in these contributions, which must not be empty and must be safe to publish by the rules."""
    pay = sorted(chain.from_iterable(contribution.pay for contribution in inside))
    posts = posts_by_borough(contribution.part for contribution in inside)
    tails = rules.safe_tails(posts)
    step = rules.step if quantile(pay, _QUARTERS["p75"]) < rules.wide_from else rules.wide_step
    shown = _QUARTERS | (_TAILS if tails else {})
    return ContributedPay(
        paid=PaidQuantiles(**{name: _to(step, quantile(pay, p)) for name, p in shown.items()}),
        boroughs=len(posts),
        posts=_to(5, Fraction(len(pay))) if len(pay) >= rules.tail_posts else None,
        rounded_to=step,
        tails=None if tails else TAILS,
    )


def quantile(pay: Sequence[int], p: Fraction) -> Fraction:
    """The p-quantile of sorted amounts by linear interpolation, exactly: type 7 of Hyndman and Fan (1996), numpy's
    and PostgreSQL's default. Every post weighs one."""
    place = p * (len(pay) - 1)
    below = place.numerator // place.denominator
    low = Fraction(pay[below])
    return low if place == below else low + (place - below) * (pay[below + 1] - pay[below])


def _to(step: int, amount: Fraction) -> int:
    """The nearest multiple of the step; half-way goes to the even one."""
    return round(amount / step) * step
