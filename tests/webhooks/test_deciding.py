"""What decides: the schedule, filters, cursors, whom an event concerns, signatures. Without a database."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from loti_contracts.events import EVENTS, Envelope, Event, decode
from loti_contracts.vocabulary import authorities
from services.webhooks import cursors
from services.webhooks.cloud_events import body_of
from services.webhooks.concerns import NAMED_IN, NoSuchAuthority, authority_named, concerned
from services.webhooks.cursors import Cursor, Log, NoLongerKept, NotACursor
from services.webhooks.filters import Filter, NoSuchType, filter_of, pattern_of, published
from services.webhooks.push import schedule, signing
from services.webhooks.push.schedule import ATTEMPTS, JITTER, WAITS, Answer, Rules, after
from services.webhooks.push.sending import NotAnEndpoint, checked_url, seconds_to_wait

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
LOG = UUID(int=7)
statuses = st.one_of(st.none(), st.integers(100, 599))


def example(type_: str) -> Envelope[Event]:
    """The contract's own example of that event."""
    one = json.loads((EXAMPLES / f"{type_}.json").read_text(encoding="utf-8"))
    headers = [(name, text.encode()) for name, text in one["headers"].items()]
    read = decode(one["key"].encode(), json.dumps(one["value"]).encode(), headers)
    assert isinstance(read, Envelope)
    return read


def then(
    status: int | None, *, attempt: int = 1, failing: timedelta | None = None, retry: float | None = None,
    chance: float = 0.5,
) -> schedule.Next:  # fmt: skip
    """What follows at noon."""
    return after(
        Answer(status, "said", 0.1, retry),
        attempt=attempt,
        failing_since=NOW - failing if failing is not None else None,
        now=NOW,
        chance=chance,
        rules=Rules(),
    )


def test_ten_attempts_over_three_days() -> None:
    """The published schedule: at once, then after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours."""
    assert ATTEMPTS == 10
    assert timedelta(days=3) <= sum(WAITS, timedelta()) <= timedelta(days=3.2)
    assert list(WAITS) == sorted(WAITS)


@given(statuses, st.integers(1, 12), st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1e9)))
def test_what_is_not_taken_is_tried_again_within_bounds(
    status: int | None, attempt: int, chance: float, retry: float | None
) -> None:
    """Never sooner than the schedule or the receiver says, never later than the jitter or a day; never after the tenth
    attempt; and only 2xx is taken."""
    found = then(status, attempt=attempt, retry=retry, chance=chance)
    taken = status is not None and 200 <= status < 300
    assert (found.state == "delivered") == taken
    if taken or status == 410:
        return
    assert found.disable is None
    assert (found.state == "failed") == (attempt >= ATTEMPTS)
    asked = timedelta(seconds=min(retry, 86_400)) if retry is not None and status in (429, 503) else None
    assert found.hold_until == (NOW + asked if asked is not None else None)
    if found.due_at is not None:
        least = max(WAITS[attempt - 1], asked or timedelta())
        assert least <= found.due_at - NOW <= max(WAITS[attempt - 1] * (1 + JITTER), asked or timedelta())


@given(statuses, st.integers(1, 10), st.floats(0, 30))
def test_an_endpoint_is_disabled_after_days_without_success_or_when_gone(
    status: int | None, attempt: int, days: float
) -> None:
    """And what it did not take goes on waiting."""
    found = then(status, attempt=attempt, failing=timedelta(days=days))
    if status is not None and 200 <= status < 300:
        assert found.disable is None
    else:
        assert (found.disable is not None) == (status == 410 or days >= 3)
        assert found.state == "waiting" or (found.state == "failed" and found.disable is None)


@given(st.integers(0, 2**63), st.booleans())
def test_a_cursor_is_read_as_it_was_written(position: int, replaying: bool) -> None:
    """And fits into an address without escapes."""
    cursor = Cursor(LOG, position, replaying)
    assert cursors.read(str(cursor)) == cursor
    assert str(cursor).replace("-", "").replace("_", "").isalnum()


@given(st.one_of(st.text(max_size=60), st.binary(max_size=40).map(lambda raw: raw.hex())))
def test_no_other_text_is_a_cursor(text: str) -> None:
    """It is refused, never an error of ours and never a place by accident."""
    with pytest.raises(NotACursor):
        cursors.read(text)


@given(st.data())
def test_a_cursor_works_or_says_that_something_is_gone(data: st.DataObject) -> None:
    """Whoever was given a cursor and comes back after any thinning is refused exactly if something after it was removed
    that was there when it was given."""
    last = data.draw(st.integers(0, 50))
    thinned = data.draw(st.integers(0, last))
    position = data.draw(st.integers(0, last))
    cursor = cursors.at(position, Log(LOG, last, thinned))
    later = Log(LOG, data.draw(st.integers(last, 99)), data.draw(st.integers(thinned, last)))
    lost = position >= thinned and later.thinned > position
    if lost:
        with pytest.raises(NoLongerKept):
            cursors.check(cursor, later)
    else:
        cursors.check(cursor, later)
    with pytest.raises(NoLongerKept):
        cursors.check(cursor, Log(UUID(int=8), 99))


@given(st.sampled_from(sorted(published())), st.sets(st.sampled_from(sorted(authorities()))))
def test_a_filter_passes_what_its_words_say(type_: str, concerns: set[str]) -> None:
    """A type fits itself, short or long, and its kind; authorities need one in common; the database is asked for the same
    types."""
    kind = type_.split(".")[2]
    for words in (
        type_,
        type_.removeprefix("london.loti.").removesuffix(".v1"),
        f"{kind}.*",
        f" {kind.upper()}.* ",
    ):
        found = filter_of([words], [])
        assert found.passes(type_, concerns)
        assert found.exact_types is not None
        assert type_ in found.exact_types
    other = next(one for one in published() if one.split(".")[2] != kind)
    assert not filter_of([other], []).passes(type_, concerns)
    for gss in authorities():
        assert Filter((), (gss,)).passes(type_, concerns) == (gss in concerns)
    assert Filter().passes(type_, concerns)


@pytest.mark.parametrize(
    "words", ["", "role", "*.v1", "contact.*", "message.parked", "role.discovered.v2", "rol.*"]
)
def test_a_type_that_nobody_says_here_is_refused(words: str) -> None:
    """Restricted ones too, and with their reason."""
    with pytest.raises(
        NoSuchType, match="restricted" if words in ("contact.*", "message.parked") else "no event"
    ):
        pattern_of(words)


def test_no_restricted_event_is_ever_published() -> None:
    """Contacts, subscriptions and dead letters stay inside."""
    kinds = {type_.split(".")[2] for type_ in published()}
    assert not kinds & {"contact", "subscriptions", "message"}
    assert "role" in kinds


@given(st.sampled_from(sorted(authorities().values(), key=lambda one: one.gss)))
def test_an_authority_is_found_by_code_and_name(authority: object) -> None:
    """However a person writes it."""
    gss, name = authority.gss, authority.name  # type: ignore[attr-defined]
    for words in (
        gss,
        gss.lower(),
        name,
        name.upper(),
        f" London Borough of {name}",
        name.replace("and", "&"),
    ):
        assert authority_named(words) == gss


def test_a_borough_that_is_none_is_refused() -> None:
    """With those that are near."""
    with pytest.raises(NoSuchAuthority, match="perhaps Hackney"):
        authority_named("Hackny")
    with pytest.raises(NoSuchAuthority):
        authority_named("E09000099")


def test_whom_the_examples_concern() -> None:
    """Those whose thing it is, and no authority that is named for another reason."""
    found = {type_: concerned(example(type_).event) for type_ in published()}
    assert len(found["london.loti.role.changed.v1"]) == 4
    assert len(found["london.loti.match.introduced.v1"]) == 1
    assert found["london.loti.benchmark.updated.v1"] == frozenset()
    assert len(found["london.loti.request.stated.v1"]) == 1
    for type_, event in published().items():
        state = event.model_fields[event.about].annotation
        fields = set(NAMED_IN) & set(state.model_fields)  # type: ignore[union-attr]
        assert bool(fields) or not found[type_]
    assert set(published()) < set(EVENTS)


@pytest.mark.parametrize("type_", sorted(published()))
def test_every_event_can_be_told_as_a_cloud_event(type_: str) -> None:
    """Structured JSON, with the attributes that it has on Kafka."""
    said = example(type_)
    told = json.loads(body_of(said))
    assert (told["specversion"], told["id"], told["type"]) == ("1.0", said.id, type_)
    assert (told["subject"], told["source"]) == (said.subject, said.source)
    assert datetime.fromisoformat(told["time"]) == said.time
    assert type(said.event).model_validate(told["data"]) == said.event


@given(st.binary(min_size=24, max_size=64), st.text(max_size=200), st.binary(min_size=24, max_size=24))
def test_signatures_are_those_of_standard_webhooks(key: bytes, body: str, other: bytes) -> None:
    """Their own library verifies ours, whatever the secret and the body; with either of two secrets."""
    now = datetime.now(UTC)
    secrets = [signing.secret_of(key), signing.secret_of(other)]
    headers = signing.headers_of(id="msg_1", body=body.encode(), secrets=secrets, now=now)
    for secret in secrets:
        Webhook(secret).verify(body, headers, json_parse=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "ftp://example.org", "example.org/hook", "https://", "https://me:pw@example.org/",
        "https://example.org/#top", "https://10.0.0.1/", "https://[::1]/", "https://localhost/x", "https://exa mple.org/",
        "https://169.254.169.254/latest", "",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_an_endpoint_is_refused(url: str) -> None:
    """With the reason; names are judged again whenever they are asked."""
    with pytest.raises(NotAnEndpoint):
        checked_url(url, allow_http=False, allow_private=False)
    assert checked_url("https://example.org/hook?a=1", allow_http=False, allow_private=False)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0), (" 0 ", 0.0), ("Mon, 02 Nov 2026 12:01:00 GMT", 60.0), ("Mon, 02 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None), ("-5", None), ("", None), (None, None), ("9" * 400, 999_999_999.0), ("²", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_a_date(said: str | None, seconds: float | None) -> None:
    """Whatever else stands there is as if nothing did."""
    assert seconds_to_wait(said, now=NOW) == seconds


@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r"[A-Z][a-z]{2}, \d{1,9} [A-Z][a-z]{2} \d{1,9} \d+:\d+:\d+ \+?\d+"),
    )
)
def test_no_retry_after_is_an_error_of_ours(said: str) -> None:
    """Nor a wait below nothing."""
    found = seconds_to_wait(said, now=NOW)
    assert found is None or found >= 0
