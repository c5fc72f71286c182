"""A simulated year of 33 boards with random faults. Its figures: `python -m tests.ingest.test_year [SEED ...]`."""

import sys
import time

import pytest

from tests.ingest.year import BOARDS, FAULTS, WITHOUT_PAGES, Figures, year

SEEDS = {3: 0, 5: 0, 10: 3}
"""Years, and how many live roles are closed falsely in each."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_of_faults_closes_next_to_nothing_falsely_and_nothing_late(seed: int) -> None:
    """Whatever fails: no true closure is found later than year.py allows, and no vacancy is two roles or none, with
    two exceptions that are open.

    In the years of seeds 1 to 15, 6 of 54,534 vacancies are closed falsely, and said a second time when they are
    back: 3 of 4,242 in seed 10, 1 of 3,502 in seed 11, 2 of 2,839 in seed 12. Lists that lack an advert twice (page
    one alone, or nothing) come while its page answers 404: both authorities are wrong at once. And in seed 13 one of
    two vacancies that say the same is missed for a week: the two were listed in turn before they were listed
    together, and were taken for one whose key had changed.
    """
    figures = year(seed)
    sys.stdout.write(f"\n{told(seed, figures)}\n")
    assert sum(figures.polls.values()) > 10_000
    assert all(figures.polls[fault] > 50 for fault in FAULTS)
    assert figures.events["RoleClosed"] > 1_000
    assert figures.readvertised > 20
    assert len(figures.false_closures) <= SEEDS[seed]
    assert not figures.late_closures
    assert len(figures.duplicates) <= SEEDS[seed]
    assert not figures.missed
    assert not figures.wrongly_readvertised


def told(seed: int, figures: Figures) -> str:
    """The year in a few lines."""
    bad = sum(count for kind, count in figures.polls.items() if kind != "good")
    return "\n".join(
        (
            f"seed {seed}: {BOARDS} boards ({WITHOUT_PAGES} without pages of their own), "
            f"{sum(figures.polls.values()):,} polls, {bad:,} of them bad, {figures.vacancies:,} digital vacancies",
            "  polls: " + ", ".join(f"{kind} {count:,}" for kind, count in figures.polls.most_common()),
            "  said:  " + ", ".join(f"{kind} {count:,}" for kind, count in figures.events.most_common()),
            f"  false closures {len(figures.false_closures)}, late closures {len(figures.late_closures)} "
            f"(held back by the cap {len(figures.held_back)}), "
            f"duplicates {len(figures.duplicates)}, missed {len(figures.missed)}, "
            f"wrongly readvertised {len(figures.wrongly_readvertised)}",
        )
    )


if __name__ == "__main__":
    for seed in [int(argument) for argument in sys.argv[1:]] or SEEDS:
        begun = time.perf_counter()
        figures = year(seed)
        sys.stdout.write(f"{told(seed, figures)}\n  {time.perf_counter() - begun:.1f} s\n")
        for complaint in (
            *figures.false_closures,
            *figures.late_closures,
            *figures.duplicates,
            *figures.missed,
        )[:12]:
            sys.stdout.write(f"  ! {complaint}\n")
