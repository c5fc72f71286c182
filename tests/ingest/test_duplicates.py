"""One job on several boards is told to be one, and jobs that only look alike are kept apart."""

import importlib.util
import json
import random
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import AuthorityNamed, Pay, Role
from services.ingest.duplicates import (
    CERTAIN,
    Advert,
    blocking_keys,
    candidates,
    fingerprint,
    group,
    of_role,
    same_job,
)
from tests.effort import costs_at_most

SAMPLES = Path(__file__).parents[2] / "deploy" / "local" / "boards" / "adverts.json"

ADVERT = Advert(
    id="a",
    source="hackney",
    title="Service Designer",
    employer="London Borough of Hackney",
    authorities=frozenset(["E09000012"]),
    pay_minimum=4_534_200,
    pay_maximum=4_938_500,
    period="year",
    posted_on=date(2026, 9, 1),
    closes_on=date(2026, 9, 27),
    location="Hackney",
    description="You will map how a resident moves from a first question to a settled answer, find where the journey"
    " breaks, and mend it with the people who run the service. Expect sketches, interviews and plain words. You will"
    " share what you learn with other designers in the capital.",
    links=("https://recruitment.example/vacancy/service-designer",),
    reference=None,
)


def accuracy() -> ModuleType:
    """The module that measures, loaded by its path."""
    path = Path(__file__).with_name("accuracy_duplicates.py")
    spec = importlib.util.spec_from_file_location("accuracy_duplicates", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def elsewhere(advert: Advert = ADVERT, **changes: object) -> Advert:
    """The advert as another board has it."""
    return replace(
        advert, **{"id": "b", "source": "lgjobs", "links": ("https://lgjobs.example/1",)} | changes
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "precision", "recall"), [("tune", 0.99, 0.95), ("held_out", 0.99, 0.95), ("by_hand", 0.99, 0.95)]
)
def test_the_labelled_pairs_are_judged_as_a_careful_person_does(
    name: str, precision: float, recall: float
) -> None:
    """Precision of at least 0.99 and recall of at least 0.95 on every labelled set."""
    report = accuracy().report(name)
    assert report.precision >= precision, report.wrong
    assert report.recall >= recall, report.wrong


def test_the_set_is_large_and_a_third_of_it_is_held_out() -> None:
    """At least 300 pairs, at least a third of them held out, both answers in plenty."""
    sizes = {name: accuracy().report(name) for name in ("tune", "held_out", "by_hand")}
    total = sum(report.pairs for report in sizes.values())
    assert total >= 300
    assert sizes["held_out"].pairs * 3 >= total
    assert all(0.3 <= report.one_job / report.pairs <= 0.7 for report in sizes.values())


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Hackney Council: Service Designer", "description": ADVERT.description[:150] + "..."},  # type: ignore[index]
        {"title": "SERVICE DESIGNER (PO5) x2", "employer": "LB Hackney"},
        {"title": "Service Designer - 12 months FTC - Ref: HCK/20431", "closes_on": None},
        {"pay_minimum": None, "pay_maximum": None, "period": None},
        {"pay_minimum": 2_416, "pay_maximum": 2_631, "period": "hour"},
        {"pay_minimum": 4_000_100, "pay_maximum": 5_000_000},
        {"closes_on": date(2026, 10, 11)},
        {"description": f"<p>{ADVERT.description}</p>&amp;nbsp;".replace(". ", ".</p>\r\n<p>")},
        {"description": None, "posted_on": date(2026, 9, 3)},
        {
            "employer": None,
            "authorities": frozenset(),
            "title": "Service Designer, London Borough of Hackney",
        },
    ],
)
def test_what_boards_change_does_not_make_a_second_job(changes: dict[str, object]) -> None:
    """Employer, grade, number, pay by the hour or band, a later closing date, a teaser: still one job."""
    verdict = same_job(ADVERT, elsewhere(**changes))
    assert verdict.same, verdict
    assert verdict.score >= CERTAIN
    assert blocking_keys(ADVERT) & blocking_keys(elsewhere(**changes))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pay_minimum": 5_117_100, "pay_maximum": 5_400_000}, "pay differs"),
        ({"title": "Senior Service Designer"}, "only one title says senior"),
        ({"title": "Service Developer"}, "titles differ"),
        ({"employer": "Lambeth Council", "authorities": frozenset(["E09000022"])}, "employers differ"),
        ({"posted_on": date(2026, 10, 5), "closes_on": date(2026, 10, 26)}, "advertised again"),
        ({"source": "hackney", "description": None}, "two adverts on one board"),
    ],
)
def test_what_tells_two_jobs_apart_is_said(changes: dict[str, object], why: str) -> None:
    """Pay, rank, trade, employer, a new round, a second advert on one board: two jobs, and the reason in words."""
    verdict = same_job(ADVERT, elsewhere(**changes))
    assert not verdict.same
    assert why in verdict.why


def test_a_new_round_is_marked_so_that_it_can_be_linked() -> None:
    """A job advertised anew after it had closed is not the same role, and is marked as advertised again."""
    verdict = same_job(ADVERT, elsewhere(posted_on=date(2026, 10, 5), closes_on=date(2026, 10, 26)))
    assert verdict.again
    assert not same_job(ADVERT, elsewhere(title="Waste Lawyer")).again


def test_the_reason_is_a_sentence_with_the_facts() -> None:
    """A verdict says which facts agree and how far the texts do."""
    verdict = same_job(
        ADVERT, elsewhere(description=f"About us. {ADVERT.description} Sign up for more jobs like it.")
    )
    assert verdict.why.startswith("same title")
    assert "closing date" in verdict.why
    assert "texts agree in" in verdict.why


def test_the_two_posts_of_one_title_stay_apart_and_one_advert_in_two_places_is_one() -> None:
    """As the sample boards have them: Westminster's two database administrators are two, NHSBT's developer one."""
    rows = json.loads(SAMPLES.read_text(encoding="utf-8"))["adverts"]
    dba = [sample(row) for row in rows if row["title"].endswith("Data Warehousing DBA")]
    nhsbt = [sample(row) for row in rows if row["employer"] == "NHS Blood and Transplant"]
    assert len(group(dba)) == len(dba) == 2
    assert len(nhsbt) == 2
    assert len(group(nhsbt)) == 1
    assert len(group([sample(row) for row in rows])) == len(rows) - 1


def sample(row: dict[str, str]) -> Advert:
    """A sample advert, its pay the digits it prints."""
    amounts = [
        int(float(part.strip("£")) * 100)
        for part in (row["pay"] or "").split()
        if part.startswith("£") and part.strip("£").replace(".", "").isdigit()
    ]
    return replace(
        ADVERT,
        id=f"{row['board']}/{row['id']}",
        source=row["board"],
        title=row["title"],
        employer=row["employer"],
        authorities=frozenset([row["authority"]]),
        pay_minimum=amounts[0] if amounts else None,
        pay_maximum=amounts[-1] if amounts else None,
        period="year" if amounts else None,
        posted_on=date.fromisoformat(row["posted"][:10]) if row["posted"] else None,
        closes_on=date.fromisoformat(row["closes"][:10]) if row["closes"] else None,
        location=row["location"],
        description=row["description"],
        links=(f"https://{row['board']}.example/{row['id']}",),
    )


def test_an_advert_that_fits_two_jobs_joins_neither() -> None:
    """A board that leaves the team out of the title cannot be attached to one of two teams' posts by chance."""
    east = replace(ADVERT, id="e", title="Social Worker – East", description=None)
    west = replace(ADVERT, id="w", title="Social Worker – West", description=None)
    either = elsewhere(title="Social Worker", description=None)
    assert group([east, west, either]) == [frozenset("b"), frozenset("e"), frozenset("w")]


def test_a_role_is_compared_by_its_facts() -> None:
    """A role as it was announced gives its advert, pay in pence, authorities by code."""
    role = Role(
        id="r1", revision=3, status="open", source="hackney", title="Service Designer", relevance="yes", confidence=1,
        why="", authorities=(AuthorityNamed(gss="E09000012", name="Hackney", area="inner"),), links=ADVERT.links,
        pay=Pay(text="£45,342", minimum=4_534_200, maximum=4_534_200, period="year"),
        found_at=datetime(2026, 9, 1, tzinfo=UTC),
    )  # fmt: skip
    advert = of_role(role, reference="H1")
    assert (advert.id, advert.pay_minimum, advert.period, advert.reference) == ("r1", 4_534_200, "year", "H1")
    assert advert.authorities == {"E09000012"}


def test_a_fingerprint_is_small_and_the_same_on_every_machine() -> None:
    """Near texts have near fingerprints; the numbers are fixed, so that they can be stored."""
    mine = fingerprint(ADVERT)
    near = fingerprint(elsewhere(description=f"{ADVERT.description} Apply soon."))
    other = fingerprint(
        elsewhere(description="Grass, hedges and playing fields are kept in order by a crew of nine. " * 3)
    )
    assert (mine.text ^ near.text).bit_count() < 16 < (mine.text ^ other.text).bit_count()
    assert mine.text == 0x0 or mine.text < 2**64
    assert len(mine.keys) < 40
    assert max(map(len, mine.keys)) <= 40


Change = Callable[[Advert], Advert]
CHANGES: list[Change] = [
    lambda a: replace(a, title=f"Hackney Council: {a.title}"),
    lambda a: replace(a, title=f"{a.title} (Grade 9) - 2 posts"),
    lambda a: replace(a, title=a.title.upper()),
    lambda a: replace(a, employer=None),
    lambda a: replace(a, employer="Hackney"),
    lambda a: replace(a, pay_minimum=None, pay_maximum=None, period=None),
    lambda a: replace(a, pay_maximum=None),
    lambda a: replace(a, closes_on=None),
    lambda a: replace(a, closes_on=a.closes_on and a.closes_on + timedelta(days=14)),
    lambda a: replace(a, posted_on=None),
    lambda a: replace(a, description=(a.description or "")[:180] + "…"),
    lambda a: replace(a, description=None),
    lambda a: replace(a, description=f"<b>{a.description}</b>&nbsp;"),
    lambda a: replace(a, location=None, authorities=frozenset()),
    lambda a: replace(a, reference="HCK-20431"),
    lambda a: replace(a, pay_minimum=6_000_000, pay_maximum=6_500_000),
    lambda a: replace(a, title=f"Lead {a.title}"),
    lambda a: replace(a, employer="Lambeth Council"),
    lambda a: replace(a, title=f"{a.title} – East"),
]
mutated = st.lists(st.sampled_from(CHANGES), max_size=4).flatmap(
    lambda changes: st.builds(
        lambda source: _changed(replace(ADVERT, source=source), changes), st.sampled_from("xyz")
    )
)
text = st.one_of(
    st.none(),
    st.text(max_size=80),
    st.sampled_from(["<p>", "&amp;amp;#0;", "\ud800", "Ref: 1/2", "£1e9", "((((", "NHS"]),
)
days = st.one_of(st.none(), st.dates())
adverts = st.builds(
    Advert,
    id=st.text(max_size=3),
    source=st.sampled_from("xy"),
    title=text.map(lambda t: t or ""),
    employer=text,
    authorities=st.frozensets(st.sampled_from(["E09000012", "E09000022", "?"])),
    pay_minimum=st.one_of(st.none(), st.integers()),
    pay_maximum=st.one_of(st.none(), st.integers()),
    period=st.sampled_from([None, "year", "hour", "fortnight"]),
    posted_on=days,
    closes_on=days,
    location=text,
    description=text,
    links=st.lists(st.text(max_size=10), max_size=2).map(tuple),
    reference=text,
)


def _changed(advert: Advert, changes: list[Change]) -> Advert:
    for change in changes:
        advert = change(advert)
    return advert


def numbered(found: list[Advert]) -> list[Advert]:
    """The adverts with ids of their own."""
    return [
        replace(advert, id=f"{n:02}", links=(f"https://x.example/{n}",)) for n, advert in enumerate(found)
    ]


@settings(max_examples=150, deadline=None)
@given(adverts, adverts)
def test_any_two_adverts_are_judged_alike_both_ways_and_never_raise(one: Advert, other: Advert) -> None:
    """Symmetric, reflexive, a score from 0 to 1 that agrees with the answer, whatever the adverts hold."""
    verdict = same_job(one, other)
    assert verdict == same_job(other, one)
    assert same_job(one, replace(one)).same
    assert 0 <= verdict.score <= 1
    assert verdict.same == (verdict.score >= CERTAIN)
    assert verdict.why
    assert fingerprint(one) == fingerprint(replace(one))
    assert {id_ for ids in group([one, other]) for id_ in ids} == {one.id, other.id}


@settings(max_examples=150, deadline=None)
@given(mutated, mutated)
def test_keys_never_separate_what_is_one_job(one: Advert, other: Advert) -> None:
    """Two re-postings that are one job share a key, without the rule that there must be one; both ways alike."""
    one, other = numbered([one, other])
    verdict = same_job(one, other)
    assert verdict == same_job(other, one)
    told = verdict.why != "they have nothing in common"
    assert told or not {"title", "employer"} <= agreeing(one, other)
    if verdict.same:
        assert blocking_keys(one) & blocking_keys(other)


def agreeing(one: Advert, other: Advert) -> set[str]:
    """The fields that two adverts have alike."""
    return {
        field.name
        for field in fields(Advert)
        if getattr(one, field.name) == getattr(other, field.name) is not None
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(mutated, max_size=7), st.randoms())
def test_groups_do_not_depend_on_the_order_and_hold_no_contradiction(
    found: list[Advert], shuffle: random.Random
) -> None:
    """The same sets in any order; each advert in one; none with two adverts that a fact tells apart."""
    found = numbered(found)
    again = found[:]
    shuffle.shuffle(again)
    groups = group(found)
    assert groups == group(again)
    assert sorted(id_ for ids in groups for id_ in ids) == [advert.id for advert in found]
    by_id = {advert.id: advert for advert in found}
    assert all(same_job(by_id[a], by_id[b]).score > 0 for ids in groups for a in ids for b in ids)


@pytest.mark.parametrize(
    "hostile", [" ", "<", "…", "<b ", "&amp;", "Ref: ", "1-", "((", "12 months ", "via ", "é", "£1 "]
)
def test_hostile_text_costs_no_time(hostile: str) -> None:
    """Twenty thousand characters of anything, in any field, are compared in well under two seconds."""
    for name in ("title", "employer", "location", "description", "reference"):
        one = replace(ADVERT, **{name: hostile * (20_000 // len(hostile))})  # type: ignore[arg-type]
        other = replace(one, id="b", source="lgjobs")
        assert costs_at_most(200, partial(same_job, one, other))


def test_ten_thousand_adverts_need_few_comparisons() -> None:
    """Of fifty million pairs of 10,000 adverts in 33 boroughs, about two for each advert are compared."""
    jobs = [f"{what} {who}" for what in TRADES for who in WHO]
    found = many(jobs, 10_000)
    pairs = set(candidates(found))
    assert len(pairs) < 3 * len(found)
    assert all((f"l{n}", f"o{n}") in pairs for n in range(len(found) // 2))


TRADES = [f"{a} {b}" for a in ("Data", "Housing", "Tax", "Park", "Web", "Youth", "Waste", "Legal", "Care", "Press") for b in ("Policy", "Quality", "Access", "Systems", "Project", "Records", "Support", "Design", "Repair", "Safety")]  # fmt: skip
WHO = ["Analyst", "Engineer", "Officer", "Manager", "Architect", "Lead", "Adviser", "Trainer"]


def many(jobs: list[str], size: int) -> list[Advert]:
    """Half as many vacancies as adverts, each on its borough's board and on one board of all, in 33 boroughs."""
    chance = random.Random(4)
    found = []
    for n in range(size // 2):
        borough = n % 33 + 1
        advert = replace(
            ADVERT,
            id=f"o{n}",
            source=f"board-{borough}",
            title=chance.choice(jobs),
            employer=None,
            authorities=frozenset([f"E090000{borough:02}"]),
            pay_minimum=3_000_000 + 50_000 * chance.randrange(60),
            closes_on=date(2026, 9, 1) + timedelta(days=chance.randrange(40)),
            description=" ".join(chance.choices(WORDS, k=30)),
            links=(f"https://{borough}.example/{n}",),
        )
        found += [
            advert,
            replace(advert, id=f"l{n}", source="lgjobs", links=(f"https://lgjobs.example/{n}",)),
        ]
    return found


WORDS = [
    f"{a}{b}{c}"
    for a in "bdfgklmnprst"
    for b in ("a", "e", "i", "o", "u")
    for c in ("ndle", "rt", "lm", "sk")
]
