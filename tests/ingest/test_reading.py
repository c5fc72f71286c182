"""From advert to role: the sample boards' real adverts, read over HTTP, against what is known to be true of them."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.boards.adverts import Advert, as_of, load
from deploy.local.boards.feeds import id_of
from deploy.local.boards.server import create_app, serving
from loti_contracts.events import Pay, Role
from services.ingest.boards import Posting
from services.ingest.boards.snapshot import Snapshot
from services.ingest.fetch import Fetcher
from services.ingest.reading import Readings, read_role, read_snapshot, role_id
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source

BOARDS, ADVERTS = load()
NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)
CAMDEN = Source.model_validate(
    {
        "id": "camden",
        "name": "Camden",
        "kind": "rss",
        "url": "https://camden.example/",
        "authorities": ["E09000007"],
    }
)
SHARED = CAMDEN.model_copy(update={"authorities": ("E09000027", "E09000032")})


@pytest.fixture(scope="module")
def read() -> list[tuple[Source, Advert, Posting]]:
    """Every sample advert with its posting as its board gives it on that day."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop:
        return loop.run(_read_all())


async def _read_all() -> list[tuple[Source, Advert, Posting]]:
    found: list[tuple[Source, Advert, Posting]] = []
    known = {(advert.board, advert.id): as_of(advert, NOW.date()) for advert in ADVERTS}
    async with (
        serving(create_app(NOW.date())) as base,
        Fetcher(user_agent="tests", timeout=10, max_bytes=5_000_000, allow_private=True) as fetcher,
        httpx2.AsyncClient() as client,
    ):
        for row in (await client.get(f"{base}/sources.json")).json():
            source = Source.model_validate(row)
            snapshot = await take_snapshot(fetcher, source, etag=None, last_modified=None)
            assert isinstance(snapshot, Snapshot)
            assert snapshot.why_incomplete is None
            for posting in snapshot.postings:
                found.append((source, known[source.id, id_of(posting.url, ADVERTS)], posting))
    assert len(found) == len(ADVERTS)
    return found


def a_posting(**differences: Any) -> Posting:
    """Camden looks for a data engineer."""
    usual: dict[str, Any] = {
        "key": "1", "title": "Data engineer", "url": "https://camden.example/1", "employer": "London Borough of Camden",
        "location": "London", "pay_text": "£50,000 to £60,000 per annum", "pay_structured": None, "posted": None,
        "closes": None, "description": "You will build pipelines.", "department": None, "employment_type": None,
    }  # fmt: skip
    return Posting(**{**usual, **differences})


def a_role(source: Source = CAMDEN, *, now: datetime = NOW, **differences: Any) -> Role:
    """The role that it is read as."""
    role = read_role(a_posting(**differences), source, now=now)
    assert role is not None
    return role


def test_the_digital_jobs_are_roles_and_the_others_are_not(
    read: list[tuple[Source, Advert, Posting]],
) -> None:
    """Of the adverts that careful readers agree on, at least 98 in 100 are told apart."""
    judged = [(advert, read_role(posting, source, now=NOW)) for source, advert, posting in read]
    sure = [(advert.digital, role is not None) for advert, role in judged if advert.digital is not None]
    assert len(sure) > 80
    assert sum(truth == told for truth, told in sure) >= 0.98 * len(sure)


def test_most_authorities_are_right_and_hardly_any_is_wrong(
    read: list[tuple[Source, Advert, Posting]],
) -> None:
    """On boards of several authorities at least 85 in 100 adverts are given exactly the borough where the post is,
    at least 95 name it among those that share the post, and none is given to boroughs that it does not belong to."""
    exact = among = wrong = count = 0
    for source, advert, posting in read:
        if len(source.authorities) == 1:
            continue
        role = _read_anyway(posting, source)
        told = [authority.gss for authority in role.authorities]
        count += 1
        exact += told == [advert.authority]
        among += advert.authority in told
        wrong += bool(told) and advert.authority not in told
    assert count > 40
    assert exact >= 0.85 * count
    assert among >= 0.95 * count
    assert wrong == 0


def test_on_a_borough_s_own_board_its_authority_is_always_there(
    read: list[tuple[Source, Advert, Posting]],
) -> None:
    """An advert on one borough's board counts for that borough, whatever school or partner employs."""
    for source, advert, posting in read:
        if len(source.authorities) == 1:
            assert advert.authority in {a.gss for a in _read_anyway(posting, source).authorities}


def _read_anyway(posting: Posting, source: Source) -> Role:
    """The authority has nothing to do with the job: a title that is certainly digital brings it to light."""
    role = read_role(replace(posting, title="Data engineer"), source, now=NOW)
    assert role is not None
    return role


_YEARLY = r"£(\d[\d,]{4,})(?:\.00)?(?: (?:to|–) £([\d,]+)(?:\.00)?)?(?: per annum)?"


def test_pay_is_in_pence_as_printed(read: list[tuple[Source, Advert, Posting]]) -> None:
    """Where an advert prints one yearly range, the role has its ends in pence, whole and in order."""
    checked = 0
    for source, advert, posting in read:
        printed = re.fullmatch(_YEARLY, advert.pay or "")
        role = read_role(posting, source, now=NOW)
        if role is None or printed is None:
            continue
        low, high = (int(end.replace(",", "")) * 100 for end in (printed[1], printed[2] or printed[1]))
        assert role.pay is not None
        assert (role.pay.minimum, role.pay.maximum, role.pay.period) == (low, high, "year"), advert
        checked += 1
    assert checked >= 25


def test_dates_are_the_adverts_dates(read: list[tuple[Source, Advert, Posting]]) -> None:
    """Every role has its advert's days, however its board prints them, with or without a year."""
    checked = 0
    for source, advert, posting in read:
        role = read_role(posting, source, now=NOW)
        if role is None:
            continue
        if advert.posted:
            assert role.posted_on == date.fromisoformat(advert.posted)
        if advert.closes and posting.closes:
            assert role.closes_on == date.fromisoformat(advert.closes[:10])
            checked += 1
    assert checked >= 8


@pytest.mark.parametrize("pay", ["£5,000,000 per annum", "£12 per year", "£900,000 a day"])
def test_an_implausible_pay_is_never_an_amount(pay: str) -> None:
    """What nobody can mean is kept as text, with the reason, and has no amounts."""
    said = a_role(pay_text=pay).pay
    assert said is not None
    assert (said.text, said.minimum, said.maximum, said.period) == (pay, None, None, None)
    assert said.why_not


def test_an_amount_without_a_period_is_never_an_amount() -> None:
    """“60” may be by the hour or in thousands a year: it is not said, and the reason is."""
    said = a_role(pay_text=None, pay_structured=60).pay
    assert said is not None
    assert (said.minimum, said.maximum, said.period) == (None, None, None)
    assert "period" in (said.why_not or "")


def test_a_plausible_pay_is_in_pence() -> None:
    """Pounds and pence become pence; the text stays beside them."""
    said = a_role(pay_text="£18.55 per hour").pay
    assert said is not None
    assert (said.minimum, said.maximum, said.period, said.text) == (1855, 1855, "hour", "£18.55 per hour")
    assert a_role(pay_text=None).pay is None


@pytest.mark.parametrize(
    ("source", "employer", "location", "names"),
    [
        (CAMDEN, "LB Hackney", "Hackney", ["Hackney"]),
        (CAMDEN, "Some Academy Trust", "London, E8 1EA", ["Camden"]),
        (CAMDEN, None, None, ["Camden"]),
        (SHARED, "Some Academy Trust", "London, TW9 1AA", ["Richmond upon Thames"]),
        (SHARED, "Some Academy Trust", "Wandsworth", ["Wandsworth"]),
        (SHARED, "Some Academy Trust", "London", []),
        (SHARED, "Some Academy Trust", "Camden, NW1 9LN", []),
    ],
)
def test_whose_job_it_is(source: Source, employer: str, location: str, names: list[str]) -> None:
    """The employer's name counts first, then the board of one borough, then the place; none is better than a guess."""
    assert [one.name for one in a_role(source, employer=employer, location=location).authorities] == names


def test_a_closing_date_without_a_year_means_the_same_for_ever() -> None:
    """“25 August” on an advert of 1 August is this year's 25 August, still when the advert stands there in spring."""
    for days in range(0, 240, 5):
        role = a_role(
            now=datetime(2026, 8, 2, tzinfo=UTC) + timedelta(days=days),
            posted="2026-08-01",
            closes="Closing date: 25 August",
        )
        assert role.closes_on == date(2026, 8, 25)


def test_a_posting_date_long_gone_does_not_date_the_closing() -> None:
    """An advert that stands for years and renews its closing date is not over."""
    role = a_role(posted="2021-03-01", closes="31 January")
    assert (role.posted_on, role.closes_on) == (date(2021, 3, 1), date(2027, 1, 31))


def test_a_role_keeps_its_id() -> None:
    """One posting on one board has the same id for ever; another board's or posting's is another."""
    assert role_id("camden", "1") == role_id("camden", "1") == a_role().id
    assert len({role_id("camden", "1"), role_id("camden", "2"), role_id("hackney", "1")}) == 3
    assert a_role(title="Lead data engineer", url="https://camden.example/new").id == a_role().id


def test_a_snapshot_tells_digital_roles_from_the_rest() -> None:
    """Roles, the ids of what else is there, and whether it was all."""
    postings = (a_posting(), a_posting(key="2", title="School cook", description="You will cook."))
    seen, keys = read_snapshot(Snapshot(postings, (), None, None, None), CAMDEN, now=NOW)
    assert list(seen.roles) == [role_id("camden", "1")]
    assert seen.others == {role_id("camden", "2")}
    assert keys == {role_id("camden", number): number for number in ("1", "2")}
    assert seen.whole
    assert not read_snapshot(Snapshot(postings, (), "a gap", None, None), CAMDEN, now=NOW)[0].whole


PRINTED = [
    a_posting(key=str(number), title=title, posted=posted, closes=closes, pay_structured=pay)
    for number, (title, posted, closes, pay) in enumerate(
        (
            ("Data engineer", None, "10 January", None),
            ("Data engineer", "2021-03-01", "31 January", "£40,000"),
            ("Data analyst", None, "Sunday 10th January", {"value": 40_000}),
            ("Data analyst", "2027-01-05", "1 February 2027", None),
            ("School cook", None, "10 January", None),
        )
    )
]


@given(
    polls=st.lists(
        st.tuples(
            st.lists(st.sampled_from(PRINTED), unique_by=lambda posting: posting.key),
            st.sampled_from((0, 1, 11, 13, 24, 24 * 40, 24 * 200)),
        ),
        min_size=2,
        max_size=5,
    )
)
def test_what_is_printed_as_it_was_is_read_as_if_anew(polls: list[tuple[list[Posting], int]]) -> None:
    """Whatever a board shows from one poll to the next, and however many hours lie between: what is not read again is as
    it would be, and no more is remembered than was shown last."""
    before, now = Readings(), NOW
    for postings, hours in polls:
        now += timedelta(hours=hours)
        snapshot = Snapshot(tuple(postings), (), None, None, None)
        again = read_snapshot(snapshot, CAMDEN, now=now, before=before)
        assert again == read_snapshot(snapshot, CAMDEN, now=now)
        assert len(before) <= len(postings)


words = st.one_of(
    st.none(),
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=80),
    st.from_regex(
        r"(£?-?[0-9]{1,14}([.,][0-9]{1,4})? ?(to|-|k|per|hour|year|£)? ?){1,4}|[0-9]{1,4}[/-][0-9]{1,4}[/-][0-9]{1,5}",
        fullmatch=True,
    ),
)
amounts = st.one_of(
    st.none(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False), words
)
structured = st.one_of(
    amounts,
    st.fixed_dictionaries(
        {},
        optional={
            "value": st.one_of(
                amounts,
                st.fixed_dictionaries(
                    {}, optional={"minValue": amounts, "maxValue": amounts, "value": amounts, "unitText": words}
                ),
            ),
            "minValue": amounts, "maxValue": amounts, "unitText": words, "currency": words,
        },
    ),
)  # fmt: skip


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "employer": words, "location": words, "pay_text": words, "pay_structured": structured, "posted": words,
            "closes": words, "description": words, "department": words, "employment_type": words,
        },
    ),
    st.sampled_from(("Data engineer", "Head of digital", "Analyst", "£ 7", "Data engineer £40k to £50k")),
)  # fmt: skip
def test_any_advert_is_read_without_an_error(facts: dict[str, Any], title: str) -> None:
    """Whatever a board prints, an advert becomes a role or nothing; amounts are whole pence, plausible, in order,
    and the role survives its own JSON."""
    role = read_role(a_posting(title=title, **facts), SHARED, now=NOW)
    if role is None:
        return
    assert Role.model_validate_json(role.model_dump_json()) == role
    if role.pay is not None:
        _check(role.pay)


def _check(pay: Pay) -> None:
    ends = [end for end in (pay.minimum, pay.maximum) if end is not None]
    assert ends == sorted(ends)
    assert all(0 < end <= 500_000_00 for end in ends)
    assert not ends or pay.period is not None
