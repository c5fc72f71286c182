"""The request's form: what is typed becomes what is said, and what is said is shown again."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Request
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.help import asking
from services.portal.help.kinds import HELP, KINDS
from tests.portal.help.making import request

TODAY = date(2026, 11, 3)
DAYS = st.dates(TODAY, TODAY + timedelta(days=900))
WORDS = (
    st.text("abcdefghij +#", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
)
SUPPORTERS = ("supporter-a", "supporter-b")


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Any request that can be asked on the form."""
    kind = draw(st.sampled_from(KINDS))
    start = draw(st.one_of(st.none(), DAYS))
    names = st.lists(WORDS, max_size=4, unique_by=str.casefold).map(tuple)
    facts: dict[str, Any] = {
        "kind": kind,
        "purpose": draw(st.sampled_from(HELP[kind].purposes)),
        "standard_role": draw(st.sampled_from(list(standard_roles()))),
        "level": draw(st.one_of(st.none(), st.sampled_from(LEVELS))),
        "skills": draw(names),
        "languages": draw(names),
        "apprenticeship_standard": draw(st.one_of(st.none(), WORDS)),
        "start": start,
        "weeks": draw(st.one_of(st.none(), st.integers(1, 260))),
        "need_by": draw(st.one_of(st.none(), DAYS.filter(lambda day: start is None or day >= start))),
        "minimum_level": draw(st.one_of(st.none(), st.sampled_from(LEVELS))),
        "not_boroughs": tuple(sorted(draw(st.sets(st.sampled_from(sorted(authorities())), max_size=4)))),
        "not_supporters": tuple(sorted(draw(st.sets(st.sampled_from(SUPPORTERS))))),
        "note": draw(st.one_of(st.none(), WORDS)),
    }
    return request(**facts)


@settings(max_examples=40)
@given(requests())
def test_what_a_form_shows_of_a_request_reads_as_that_request(it: Request) -> None:
    """Whoever opens a request's form and sends it as it stands changes nothing."""
    form = asking.values_of(it)
    asked = asking.read(HELP[it.kind], form, today=TODAY, known_supporters=SUPPORTERS, before=it)
    assert asked.faults == ()
    assert not asking.differs(it, asked.fields)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(asking.field_names()), st.lists(st.text(max_size=40)).map(tuple)))
def test_whatever_is_sent_is_read_or_refused_at_a_field_of_the_form(
    values: dict[str, tuple[str, ...]],
) -> None:
    """No content of the fields breaks the form: it makes a request, or each fault names a field that is there."""
    for kind in HELP.values():
        asked = asking.read(kind, values, today=TODAY, known_supporters=SUPPORTERS, before=None)
        assert {fault.field for fault in asked.faults} <= set(asking.field_names())
        if not asked.faults:
            Request.model_validate({**request().model_dump(), **asked.fields, "kind": kind.kind})


def test_days_that_cannot_be_are_said_at_their_fields() -> None:
    """A past start, and an end before the start, are told where they are to be mended; an old start may stay."""
    past = {"note": ("Help",), "start-day": ("1",), "start-month": ("11",), "start-year": ("2026",)}
    kind = HELP["mentor"]
    read = asking.read(kind, past, today=TODAY, known_supporters=(), before=None)
    assert [fault.field for fault in read.faults] == ["start-day"]
    before = request(kind="mentor", start=date(2026, 11, 1))
    assert asking.read(kind, past, today=TODAY, known_supporters=(), before=before).faults == ()
    values = asking.values_of(
        request(kind="mentor", purpose=None, start=date(2026, 12, 9), need_by=date(2026, 12, 8))
    )
    faults = asking.read(kind, values, today=TODAY, known_supporters=(), before=None).faults
    assert [(fault.field, fault.words) for fault in faults] == [
        ("need_by-day", "The last useful day must be on or after the first day")
    ]


def test_an_empty_form_says_that_it_must_be_about_something() -> None:
    """Nobody can be looked for without a role, a skill, a standard or a note."""
    (fault,) = asking.read(HELP["recruiter"], {}, today=TODAY, known_supporters=(), before=None).faults
    assert fault.words == "Say what it is about: choose a role, name skills, or write a note"


def test_what_was_said_elsewhere_may_stay() -> None:
    """A role and a level that are no standard ones, and a purpose that nobody named, survive a change of the note."""
    before = request(standard_role="Head of magic", level="wizard", purpose="secondment")
    values = {**asking.values_of(before), "note": ("Another note",)}
    asked = asking.read(HELP["recruiter"], values, today=TODAY, known_supporters=(), before=before)
    assert asked.faults == ()
    assert [name for name, value in asked.fields.items() if getattr(before, name) != value] == ["note"]
