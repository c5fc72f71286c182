"""Reports are read right, whoever wrote them; nothing that comes can break the reader."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.reports import parts, reading
from services.notify.reports.arf import Feedback
from services.notify.reports.dsn import Fate
from services.notify.reports.reading import NotTaken, Passed, Report
from tests.notify.reports import came_back, plain_forms
from tests.notify.reports.came_back import KEY, MAIL, READER, path_of

ATOMS = st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True)
ADDRESSES = st.builds("{}.{}@{}.example".format, ATOMS, ATOMS, ATOMS)
STATUSES = st.builds("{}.{}.{}".format, st.sampled_from("245"), st.integers(0, 7), st.integers(0, 30))
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def read(raw: bytes) -> reading.Found:
    return reading.read(raw, [KEY], domain="loti.example")


def fates(raw: bytes) -> tuple[Fate, ...]:
    found = read(raw)
    assert isinstance(found, Report), found
    assert isinstance(found.says, tuple)
    return found.says


@pytest.mark.parametrize(
    ("system", "status", "weight"),
    [
        (came_back.postfix, "5.1.1", "hard"),
        (came_back.exchange, "5.1.10", "hard"),
        (came_back.exim, "5.0.0", "hard"),
        (came_back.gmail, "5.1.1", "hard"),
        (came_back.ses, "5.2.2", "soft"),
        (plain_forms.qmail, "5.1.1", "hard"),
        (plain_forms.exim_plain, "5.1.1", "hard"),
    ],
)
def test_every_mail_system(system: Callable[[str], bytes], status: str, weight: str) -> None:
    """The delivery reports of common mail systems name the mail, the recipient and the reason."""
    found = read(system(path_of()))
    assert isinstance(found, Report)
    assert (found.mail_id, found.signed) == (MAIL, True)
    [fate] = fates(system(path_of()))
    assert (fate.recipients, fate.action, fate.status, fate.weight) == ((READER,), "failed", status, weight)


def test_international() -> None:
    """A report of a mail system that knows international addresses (RFC 6533) is read like any other."""
    raw = came_back.postfix(path_of()).replace(b"message/delivery-status", b"message/global-delivery-status")
    raw = raw.replace(b"text/rfc822-headers", b"message/global-headers").replace(
        b"Final-Recipient: rfc822;", b"Final-Recipient: utf-8;"
    )
    [fate] = fates(raw)
    assert (fate.recipients, fate.weight) == ((READER,), "hard")


@pytest.mark.parametrize(
    ("status", "said", "weight"),
    [
        ("5.1.2", "550 Host unknown", "hard"),
        ("5.2.1", "550 5.2.1 The account is disabled", "hard"),
        ("5.2.2", "552 5.2.2 Over quota", "soft"),
        ("5.7.1", "550 5.7.1 Message rejected as spam by content filter, user unknown", "soft"),
        ("5.3.4", "552 5.3.4 Message too big", "soft"),
        ("5.0.0", "554 no", "soft"),
        ("4.4.7", "delivery time expired", "soft"),
        ("4.1.1", "451 4.1.1 user unknown just now", "soft"),
    ],
)
def test_whose_fault(status: str, said: str, weight: str) -> None:
    """Only what is said of the address itself, and for ever, is hard."""
    [fate] = fates(came_back.postfix(path_of(), status=status, said=said))
    assert fate.weight == weight


def test_a_delay_is_no_bounce() -> None:
    """A mail system that goes on trying, or that delivered, reports nothing bad."""
    for action, status in (("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0")):
        [fate] = fates(came_back.postfix(path_of(), action=action, status=status))
        assert (fate.action, fate.weight) == (action, None)


@given(
    blocks=st.lists(
        st.tuples(ADDRESSES, st.sampled_from(["failed", "delayed", "delivered"]), STATUSES, WORDS),
        min_size=1,
        max_size=4,
        unique_by=lambda block: block[0],
    ),
    upper=st.booleans(),
    encoded=st.booleans(),
    extra=st.booleans(),
)
def test_any_delivery_report(
    blocks: list[tuple[str, str, str, str]], upper: bool, encoded: bool, extra: bool
) -> None:
    """Whatever a mail system says of whomever, with fields in any case and a part encoded or not, is read as said."""

    def name(of: str) -> str:
        return of.upper() if upper else of

    recipients = [
        [
            *([("X-Unheard-Of", "5.9.9 nobody@nowhere.example")] if extra else []),
            (name("Final-Recipient"), f"rfc822; {address}"),
            (name("Action"), action),
            (name("Status"), f"{status} (as it is)"),
            (name("Diagnostic-Code"), f"x-unix; said {words}"),
        ]
        for address, action, status, words in blocks
    ]
    raw = came_back.delivery_report(
        path_of(), [("Reporting-MTA", "dns; mx.example")], recipients, encoded=encoded
    )
    found = fates(raw)
    assert [(fate.recipients, fate.action) for fate in found] == [
        ((address,), action) for address, action, _, _ in blocks
    ]
    for fate, (_, _, status, _) in zip(found, blocks, strict=True):
        if not status.endswith(".0.0"):
            assert fate.status == status


@given(st.binary(max_size=400))
@example(b"")
@example(b"Content-Type: multipart/report; boundary=\n\n--\n")
@example(b'Content-Type: multipart/report; boundary="\xff"\n\n--\xff\n')
def test_any_bytes(raw: bytes) -> None:
    """No bytes break the reader; what is no report is not taken for one."""
    assert isinstance(read(raw), NotTaken | Passed)


@given(st.data())
def test_any_damage(data: st.DataObject) -> None:
    """A report that was cut, or of which some bytes are others, is read or refused, and never taken for another mail's."""
    sample = data.draw(
        st.sampled_from([came_back.postfix, came_back.exchange, came_back.gmail, plain_forms.qmail])
    )
    raw = bytearray(sample(path_of()))
    for _ in range(data.draw(st.integers(0, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    found = read(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    if isinstance(found, Report) and found.signed:
        assert found.mail_id == MAIL


def test_deep_and_large() -> None:
    """A message nested without end, one larger than is read, and such as would take many seconds to read are refused
    with the reason."""
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(900))
    head = (
        b"To: x\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    )
    for endless in (
        nested,
        head + b"a: b\n\n" * 100_000,
        b"Content-Type: multipart/report" + b";a=b" * 100_000,
    ):
        assert isinstance(read(endless), NotTaken)
    found = read(b"Subject: x\n\n" + b"x" * parts.LARGEST)
    assert isinstance(found, NotTaken)
    assert str(parts.LARGEST) in found.why


def test_forged() -> None:
    """A report whose return path somebody else signed, or nobody, is not taken as ours."""
    forged = read(came_back.postfix(path_of(key="x" * 32)))
    assert isinstance(forged, NotTaken)
    assert "forged" in forged.why
    path = path_of()
    other = path.replace(MAIL.hex, "f" * 32)
    assert isinstance(read(came_back.postfix(other)), NotTaken)


def test_unsigned() -> None:
    """Without our return path, a Message-ID of ours names the mail, but proves nothing; a foreign one names none."""
    found = read(came_back.postfix("bounces@loti.example"))
    assert isinstance(found, Report)
    assert (found.mail_id, found.signed) == (MAIL, False)
    foreign = came_back.postfix("bounces@loti.example").replace(b"@loti.example>", b"@other.example>")
    assert isinstance(read(foreign), NotTaken)


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out", "not-spam", "virus", "auth-failure"])
def test_complaint(kind: str) -> None:
    """A feedback report is a complaint where the reader wants no more mail; its return path is in the report."""
    found = read(came_back.complaint(path_of(), READER, kind=kind))
    assert isinstance(found, Report)
    assert isinstance(found.says, Feedback)
    assert (found.mail_id, found.signed, found.says.recipients) == (MAIL, True, (READER,))
    assert found.says.is_complaint == (kind in ("abuse", "fraud", "opt-out"))


def test_automatic_reply() -> None:
    """An out-of-office note is none of our business, whatever its words."""
    assert isinstance(read(came_back.out_of_office(path_of())), Passed)
