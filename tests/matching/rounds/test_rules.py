"""What forbids a pair and what it is worth: the same for one pair and for many at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.vocabulary import authorities
from services.matching.rounds.bars import Bar, bar_of, bars
from services.matching.rounds.boroughs import NotABorough, organisations, read_borough
from services.matching.rounds.candidates import candidates
from services.matching.rounds.people import Round
from services.matching.rounds.scoring import MILLION, parts_of, score_of
from services.matching.rounds.tables import tables
from tests.matching.rounds.every_way import allowed
from tests.matching.rounds.making import BARNET, CAMDEN, HACKNEY, a_demand, a_supply, any_round


@given(any_round(most=6))
def test_many_at_once_are_judged_as_one_by_one(round_: Round) -> None:
    """The allowed pairs and their scores are just those that the rules for one pair give."""
    table = tables(round_)
    pairs, score = candidates(table)
    found = {
        (table.demands[row].id, table.supplies[column].id): value
        for row, column, value in zip(pairs.row.tolist(), pairs.column.tolist(), score.tolist(), strict=True)
    }
    assert found == {
        (demand.id, supply.id): score_of(demand, supply)
        for demand in round_.demands
        for supply in round_.supplies
        if allowed(round_, demand, supply)
    }


def test_a_perfect_pair_scores_one_whatever_was_asked() -> None:
    """What is not asked about takes no weight."""
    ben = a_supply(level="senior")
    everything = a_demand(prefers=("ben",))
    assert score_of(everything, ben) == score_of(a_demand(), ben) == MILLION
    assert score_of(a_demand(role=None, skills=()), ben) == MILLION
    assert [part.name for part in parts_of(a_demand(role=None, skills=()), ben)] == ["seniority step"]


@pytest.mark.parametrize(
    ("demand", "supply", "score", "sentence"),
    [
        ({}, {}, MILLION, "Knows the role: Data engineer."),
        (
            {},
            {"roles": ("Data scientist",)},
            600_000,
            "Knows Data scientist, of the same family as Data engineer: Data.",
        ),
        ({}, {"roles": ("Service designer",)}, 0, "Knows no role of Data engineer's family, Data."),
        ({"role": "data  ENGINEER"}, {}, MILLION, "Knows the role: data  ENGINEER."),
        ({"role": "Lamplighter"}, {}, 0, "Does not know the role Lamplighter."),
    ],
)
def test_role_fit_knows_families(
    demand: dict[str, str], supply: dict[str, tuple[str, ...]], score: int, sentence: str
) -> None:
    """The same role fits wholly, one of the same family by 0.6, any other not at all; the sentence says which."""
    part = parts_of(a_demand(**demand), a_supply(**supply))[0]
    assert (part.score, part.sentence) == (score, sentence)


def test_every_bar_is_found_by_itself() -> None:
    """Level, borough, line manager, gap and being unrelated forbid a pair each, and all together."""
    asha, ben = a_demand(), a_supply()
    assert bars(asha, ben) == Bar.NONE
    assert bars(asha, a_supply(level="practitioner")) == Bar.LEVEL
    assert bars(asha, a_supply(borough=CAMDEN)) == Bar.OWN_BOROUGH
    assert bars(a_demand(line_managers=("ben",)), ben) == Bar.LINE_MANAGER
    assert bars(a_demand(max_gap=1), ben) == bars(asha, a_supply(max_gap=1)) == Bar.GAP
    assert bars(asha, a_supply(roles=(), skills=()), related_only=True) == Bar.UNRELATED
    assert bars(asha, a_supply(borough=CAMDEN, level="trainee"), listed=Bar.CONFLICT) == (
        Bar.CONFLICT | Bar.OWN_BOROUGH | Bar.LEVEL
    )
    assert [bar_of(why) for why in ("Line-manager", "earlier pair", "", "neighbours")] == [
        Bar.LINE_MANAGER,
        Bar.EARLIER_PAIR,
        Bar.CONFLICT,
        Bar.CONFLICT,
    ]


@given(st.sampled_from(list(authorities().values())), st.sampled_from([str.upper, str.lower, str.title]))
def test_every_spelling_of_a_borough_is_one_borough(authority: object, case: object) -> None:
    """Code, name and the usual ways to write a council are the same borough."""
    one = authority
    names = [one.gss, one.name, f"London Borough of {one.name}", f"{one.name} Council", f"  {one.name} "]  # type: ignore[attr-defined]
    names += [f"Royal Borough of {one.name}", f"LB {one.name.replace(' and ', ' & ')}"]  # type: ignore[attr-defined]
    assert {read_borough(case(name), {}) for name in names} == {one.gss}  # type: ignore[attr-defined, operator]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Camdem",
        "Kingston upon Hull",
        "London",
        "E09000034",
        "Council",
    ],
)
def test_what_is_no_borough_is_refused(said: str) -> None:
    """A misspelt borough must not pass as a borough of its own."""
    with pytest.raises(NotABorough, match="one of the 33 London authorities"):
        read_borough(said, {})


def test_other_organisations_are_compared_as_written() -> None:
    """What is nearly no borough's name is an organisation of its own, whatever its case; one whose name is near a
    borough's is named first; a borough cannot be one."""
    met: dict[str, str] = {}
    assert read_borough("Transport for London", met) == read_borough("transport  for London", met)
    assert read_borough("University of Westminster", met) != read_borough("Westminster", met)
    with pytest.raises(NotABorough, match="perhaps Kingston upon Thames"):
        read_borough("Kingston upon Hull", met)
    others = organisations(["UCL", "Kingston upon Hull"])
    assert read_borough("ucl", others) == read_borough("UCL ", others) == "UCL"
    assert read_borough("Kingston upon Hull", others) == "Kingston upon Hull"
    assert read_borough("Hackney", others) == HACKNEY
    with pytest.raises(NotABorough, match="authority already"):
        organisations(["London Borough of Barnet"])
    assert read_borough("Barnet", {}) == BARNET


def test_blocks_do_not_change_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the work is cut into blocks, the same comes out."""
    from services.matching.rounds import tables as module
    from tests.matching.rounds.making import a_large_round

    table = tables(a_large_round(50, 40, seed=1, conflicts=60))
    whole = candidates(table)
    monkeypatch.setattr(module, "_CELLS", 90)
    cut = candidates(table)
    assert np.array_equal(whole[0].column, cut[0].column)
    assert np.array_equal(whole[1], cut[1])
