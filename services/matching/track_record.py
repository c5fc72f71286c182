"""How earlier introductions of a supporter went, with little weight on few cases.

The chance that the next introduction ends well is taken to have a Beta(2, 2) prior: what is expected of a newcomer
is one half, with the weight of four cases. It favours nobody who is new and dooms nobody: one bad case moves the
expectation from 0.50 to 0.40, and only after four cases do the cases weigh as much as the prior. What supporters
state themselves, and ratings, count too, but for half a case each and for no more than four cases in all, since
nobody here has seen them.
"""

from dataclasses import dataclass

from loti_contracts.events import Supporter

PRIOR_GOOD, PRIOR_BAD = 2.0, 2.0
STATED_COUNTS = 0.5
STATED_AT_MOST = 4.0


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Introductions that ended: `good` of `ended` well. `stated` cases, of which `stated_good`, are discounted."""

    good: int
    ended: int
    stated_good: float
    stated: float

    @property
    def expected(self) -> float:
        """The mean of the posterior: the expected share of good ends, above 0 and below 1."""
        good = PRIOR_GOOD + self.good + self.stated_good
        return good / (PRIOR_GOOD + PRIOR_BAD + self.ended + self.stated)

    @property
    def sentence(self) -> str:
        """The record in words, and what is expected from it."""
        ends = "introduction" if self.ended == 1 else "introductions"
        stated = f"{self.stated_good / self.stated:.0%}" if self.stated else ""
        expected = f"{self.expected:.0%} of the next are expected to."
        if self.ended:
            more = f", and by their own account and ratings {stated} did" if stated else ""
            return f"Of {self.ended} earlier {ends}, {self.good} ended well{more}; {expected}"
        if stated:
            return f"By their own account and ratings, {stated} of earlier cases ended well; {expected}"
        return f"No outcome is known yet; of a newcomer's, {self.expected:.0%} are expected to end well."


def track_record(supporter: Supporter, *, good: int, ended: int) -> TrackRecord:
    """The record of a supporter of whose introductions `ended` ended, `good` of them well."""
    cases: list[tuple[float, int]] = [(min(one.good, one.of), one.of) for one in supporter.evidence]
    cases += [(one.score * one.reviews, one.reviews) for one in supporter.ratings]
    of = sum(count for _, count in cases)
    if not of:
        return TrackRecord(good, ended, 0.0, 0.0)
    counted = min(STATED_AT_MOST, STATED_COUNTS * of)
    return TrackRecord(good, ended, counted * sum(well for well, _ in cases) / of, counted)
