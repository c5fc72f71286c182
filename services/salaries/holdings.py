"""What salaries keeps. Nothing in it is about people: posts have no holders here, and contributed pay has no names."""

from typing import Final

from loti_contracts.delivery.holdings import Holding

HOLDINGS: Final = (
    Holding("observations", "what each role offers", "topics"),
    Holding("superseded_observations", "what earlier revisions of a role offered", "topics"),
    Holding("benchmarks", "the current table of benchmarks", "topics", learnt=("number", "told_median")),
    Holding("pay_steps", "the offers in each step of pay, counted", "topics", learnt=("cell",)),
    Holding("cell_boroughs", "who makes a cell's offers, counted", "topics", learnt=("cell",)),
    Holding("cell_days", "on which days a cell's offers were made, counted", "topics", learnt=("cell",)),
    Holding("cell_months", "the median of each month's offers", "topics", learnt=("cell",)),
    Holding("pay_signals", "what was signalled, by its cause", "topics", learnt=("raised_at",)),
    Holding("counted_by", "by which rules all that was counted", "own"),
    Holding(
        "contributed_uploads",
        "which boroughs tell in confidence what they pay, as of when",
        "own",
        because="Until the borough withdraws it.",
    ),
    Holding(
        "contributed_pay",
        "what they pay for each role and level: amounts, no posts and no names",
        "own",
        because="Until the borough withdraws it or sends another.",
    ),
    Holding(
        "contributed_ledger",
        "every figure that was published of contributed pay, and from whose contributions",
        "own",
        because="For ever: what is known cannot be made unknown, so the next figure must not add to it.",
    ),
    Holding("contributed_shown", "the cells that show anything of contributed pay", "own"),
)
