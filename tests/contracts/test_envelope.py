"""CloudEvents on Kafka: what goes in comes out, and nothing else gets in."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import (
    EVENTS,
    ContactErased,
    Envelope,
    NotReadable,
    NotSayable,
    Request,
    RequestStated,
    Unknown,
    decode,
    encode,
)
from loti_contracts.events.envelope import LARGEST_REVISION, envelop

WHEN = datetime(2026, 11, 22, 12, tzinfo=UTC)

words = st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable())
headers = st.lists(st.tuples(st.text(max_size=20), st.none() | st.binary(max_size=60)), max_size=12)


def read_or_refused(key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]) -> str:
    """What was read, or why not, in words; any other error fails the test."""
    try:
        return repr(decode(key, value, headers))
    except NotReadable as error:
        return str(error)


@given(
    id_=words,
    note=st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=200),
    correlation=words,
    when=st.datetimes(
        WHEN.replace(year=1901, tzinfo=None), WHEN.replace(year=2198, tzinfo=None), timezones=st.just(UTC)
    ),
)
def test_what_is_encoded_is_decoded(id_: str, note: str | None, correlation: str, when: datetime) -> None:
    """Every attribute and field survives, whatever the text."""
    request = Request(
        id=id_, revision=3, kind="mentor", borough="E09000001", contact_id="c", note=note, stated_at=when
    )
    said = Envelope(
        event=RequestStated(request=request, changed=("note",)),
        id="one",
        source="/loti/portal",
        time=when,
        correlation_id=correlation,
        causation_id="cause",
    )
    assert decode(*encode(said)) == said


@given(before=st.text(st.sampled_from("\\u0a"), max_size=12), nul=st.booleans())
def test_what_no_table_keeps_is_neither_said_nor_read(before: str, nul: bool) -> None:
    """The character U+0000 is refused on both ways, however many backslashes stand before it; its name in letters is not."""
    note = before + ("\0" if nul else "")
    request = Request(
        id="r", revision=1, kind="mentor", borough="E09000001", contact_id="c", note=note, stated_at=WHEN
    )
    said = envelop(RequestStated(request=request), source="/loti/portal", time=WHEN)
    value = said.event.model_dump_json().encode()
    if not nul:
        assert decode(*encode(said)) == said
        return
    with pytest.raises(NotSayable, match=r"U\+0000"):
        encode(said)
    *_, headers = encode(
        envelop(RequestStated(request=request.model_copy(update={"note": None})), source="/x", time=WHEN)
    )
    with pytest.raises(NotReadable, match=r"U\+0000"):
        decode(b"r", value, headers)


def test_a_revision_that_is_no_count_is_refused() -> None:
    """So that no table fails on it."""
    request = Request(
        id="r",
        revision=LARGEST_REVISION + 1,
        kind="mentor",
        borough="E09000001",
        contact_id="c",
        stated_at=WHEN,
    )
    with pytest.raises(NotReadable, match="no count of changes"):
        decode(*encode(envelop(RequestStated(request=request), source="/x", time=WHEN)))


@given(key=st.none() | st.binary(max_size=40), value=st.none() | st.binary(max_size=200), headers=headers)
def test_anything_at_all_is_read_or_refused_with_a_reason(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    """No bytes bring the reader down."""
    assert read_or_refused(key, value, headers)


@given(
    type_=st.sampled_from(sorted(EVENTS)),
    key=st.binary(max_size=40),
    value=st.none() | st.binary(max_size=300),
)
def test_a_known_type_with_any_value_is_read_or_refused(type_: str, key: bytes, value: bytes | None) -> None:
    """Right headers around a wrong body are refused, too."""
    good = {"ce_type": type_, "ce_id": "1", "ce_source": "/x", "ce_time": "2026-01-01T00:00:00Z"}
    assert read_or_refused(key, value, [(name, text.encode()) for name, text in good.items()])


def test_a_type_from_the_future_is_passed_over() -> None:
    """A reader that is older than the contract does not fail on what it has never heard of."""
    assert decode(b"k", b"{}", [("ce_type", b"london.loti.role.discovered.v9")]) == Unknown(
        "london.loti.role.discovered.v9"
    )


def test_a_new_optional_field_does_not_disturb_an_old_reader() -> None:
    """Unknown fields are ignored, at every depth."""
    stated = datetime(2026, 1, 1, tzinfo=UTC)
    request = Request(
        id="r", revision=1, kind="mentor", borough="E09000001", contact_id="c", stated_at=stated
    )
    said = envelop(RequestStated(request=request), source="/x", time=stated)
    key, value, headers = encode(said)
    assert value is not None
    newer = value.replace(b'"kind"', b'"colour":{"deep":1},"kind"').replace(
        b'{"changed"', b'{"more":[],"changed"'
    )
    assert decode(key, newer, headers) == said


def test_an_erasure_is_a_tombstone() -> None:
    """Its value is empty, so that compaction removes what was said before; its headers say what it is."""
    said = envelop(ContactErased(contact_id="contact-7"), source="/loti/portal", time=datetime.now(UTC))
    key, value, headers = encode(said)
    assert (key, value) == (b"contact-7", None)
    assert decode(key, value, headers) == said


def test_times_without_a_zone_are_refused() -> None:
    """A time that could be London's or UTC is no time."""
    with pytest.raises(ValueError, match="timezone"):
        Request(
            id="r",
            revision=1,
            kind="mentor",
            borough="E09000001",
            contact_id="c",
            stated_at=datetime(2026, 7, 1),  # noqa: DTZ001
        )
