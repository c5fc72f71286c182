"""What a supporter offers: the form's way there and back, and pauses that take nothing else away."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Supporter
from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities, standard_roles
from services.matching.availability import spans_of as days_in_matching
from services.portal.help import offering, spans
from services.portal.help.kinds import HELP, KINDS
from services.portal.help.values import Reading
from tests.portal.help.making import supporter

TODAY = date(2026, 11, 3)
WORDS = st.text("abcdefghij", min_size=1, max_size=12)
NAMES = st.lists(WORDS, max_size=3, unique=True).map(tuple)
BOROUGHS = st.sets(st.sampled_from(sorted(authorities())), max_size=3).map(lambda found: tuple(sorted(found)))


@st.composite
def apart(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    """Spans of days that do not overlap, the last of them in the future; some without an end."""
    days = sorted(draw(st.sets(st.integers(-200, 900), max_size=6)))
    pairs = [(days[place], days[place + 1]) for place in range(0, len(days) - 1, 2)]
    if not pairs or pairs[-1][1] < 0:
        return ()
    found: list[dict[str, Any]] = [
        {
            "first": TODAY + timedelta(first),
            "last": TODAY + timedelta(last),
            "capacity": draw(st.integers(0, 9)),
        }
        for first, last in pairs
    ]
    if draw(st.booleans()):
        found[-1]["last"] = None
    if draw(st.booleans()):
        found[0]["first"] = None
    return tuple(found)


@st.composite
def supporters(draw: st.DrawFn) -> Supporter:
    """Anybody whom the form can describe."""
    kind = draw(st.sampled_from(KINDS))
    facts: dict[str, Any] = {
        "kind": kind,
        "offers": tuple(one for one in HELP[kind].purposes if draw(st.booleans())),
        "roles": tuple(
            sorted(draw(st.sets(st.sampled_from(list(standard_roles())), max_size=3)), key=str.casefold)
        ),
        "families": tuple(one for one in FAMILIES if draw(st.booleans())) or FAMILIES[:1],
        "skills": draw(NAMES),
        "level": draw(st.one_of(st.none(), st.sampled_from(LEVELS))),
        "languages": draw(NAMES),
        "standards": draw(NAMES),
        "capacity": draw(st.integers(0, 1000)),
        "available": draw(apart()),
        "own_borough": draw(st.one_of(st.none(), st.sampled_from(sorted(authorities())))),
        "not_for": draw(BOROUGHS),
        "departments": tuple(
            {
                "name": name,
                "specialisms": draw(NAMES),
                "phd_students": draw(st.one_of(st.none(), st.integers(0, 9))),
            }
            for name in draw(NAMES)
        ),
        "evidence": tuple({"what": what, "good": 3, "of": 4} for what in draw(NAMES)),
    }
    return supporter(**facts)


@settings(max_examples=30)
@given(supporters())
def test_what_a_form_shows_of_an_offer_reads_as_that_offer(it: Supporter) -> None:
    """Whoever opens the form and sends it as it stands changes nothing."""
    read = offering.read(it.kind, offering.values_of(it), today=TODAY, before=it)
    assert read.faults == ()
    assert Supporter.model_validate({**it.model_dump(), **read.fields}) == it


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(offering.field_names()), st.lists(st.text(max_size=20)).map(tuple)))
def test_whatever_is_sent_is_read_or_refused_at_a_field_of_the_form(
    values: dict[str, tuple[str, ...]],
) -> None:
    """No content of the fields breaks the form: it makes an offer, or each fault names a field that is there."""
    for kind in KINDS:
        read = offering.read(kind, values, today=TODAY, before=None)
        assert {fault.field for fault in read.faults} <= set(offering.field_names())
        if not read.faults:
            Supporter.model_validate({**supporter().model_dump(), **read.fields, "kind": kind})


@settings(max_examples=30)
@given(supporters(), st.integers(1, 400))
def test_a_pause_takes_away_the_days_before_one_is_back_and_no_others(it: Supporter, away: int) -> None:
    """Matching offers exactly the same days from then on as before, and none until then."""
    back = TODAY + timedelta(days=away)
    days = [TODAY + timedelta(days=one) for one in range(-10, 950, 7)] + [back]
    after = spans.paused(it, back)
    left = [day for day in days if day >= back and _there(it, day)]
    if after is None:
        assert left == []
        return
    assert [day for day in days if _there(after, day)] == left
    first = spans.away_until(after, today=TODAY)
    assert first is not None
    assert first >= back


@settings(max_examples=30)
@given(supporters(), st.integers(1, 400))
def test_whoever_comes_back_early_is_there_today(it: Supporter, away: int) -> None:
    """The end of a pause makes one available from today on, and takes no day away."""
    after = spans.paused(it, TODAY + timedelta(days=away))
    if after is None:
        return
    again = spans.back_now(after, today=TODAY)
    assert _there(again, TODAY)
    assert spans.away_until(again, today=TODAY) is None
    assert all(
        _there(again, day)
        for day in (TODAY + timedelta(one) for one in range(0, 900, 5))
        if _there(after, day)
    )


@pytest.mark.parametrize(
    ("rows", "at", "words"),
    [
        ([("1 May 2027", "1 April 2027")], "span-1-last", "on or after the first day"),
        ([("1 May 2027", ""), ("1 June 2027", "")], "span-2-first", "begins before another one ends"),
        ([("", "1 May 2026")], "span-1-last", "All of these days have passed"),
        ([("soon", "")], "span-1-first", "“soon” is no day that we can read"),
    ],
)
def test_spans_that_cannot_be_are_said_at_their_fields(
    rows: list[tuple[str, str]], at: str, words: str
) -> None:
    """What is wrong with days is told at the row to mend."""
    values = {f"span-{n}-first": (first,) for n, (first, _) in enumerate(rows, 1)}
    values |= {f"span-{n}-last": (last,) for n, (_, last) in enumerate(rows, 1)}
    form = Reading(values)
    spans.read(form, today=TODAY)
    assert [fault.field for fault in form.faults] == [at]
    assert words in form.faults[0].words


def _there(it: Supporter, day: date) -> bool:
    return any(span.first <= day <= span.last for span in days_in_matching(it))
