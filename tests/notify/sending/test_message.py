"""Messages, read back by the standard library as a mailbox would."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.addresses import mailbox
from services.notify.letters.letter import Form, Gapped, Letter
from services.notify.letters.wording import one_line
from services.notify.mails import Item, Mail, MailKind
from services.notify.sending.message import Sender, message
from tests.notify.making import role

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
SENDER = Sender("Talent Exchange", "exchange@loti.example")
ADA = mailbox("Ada Example", "ada@hackney.example")
ANYTHING = st.text(max_size=60) | st.text("ab \r\n:=?_-.<>@\"',;\\\t\0\u2028\x85ü€𝄞\u202e", max_size=60)


def mail(kind: MailKind = "digest", *correlations: str) -> Mail:
    """A mail whose items belong to these correlations."""
    items = tuple(
        Item(UUID(int=n), "new role", "c", None, role(), "", "", correlation_id=one)
        for n, one in enumerate(correlations)
    )
    return Mail(UUID(int=7), kind, 1, 0, items)


def made(letter: Letter | None = None, **given: Any) -> bytes:
    """A message of which only what is given differs from the ordinary."""
    wanted: dict[str, Any] = {
        "mail": mail(),
        "to": [ADA],
        "sender": SENDER,
        "now": NOW,
        "unsubscribe": None,
    } | given
    return message(wanted.pop("mail"), letter or Letter("Subject", "text\n", "<p>text\n", ""), **wanted)


def read(raw: bytes) -> EmailMessage:
    """As a mailbox reads it; it finds nothing wrong with it."""
    found: EmailMessage = message_from_string(raw.decode(), policy=policy.default)  # type: ignore[arg-type]
    for part in found.walk():
        assert part.defects == []
    return found


def named(raw: bytes, header: str) -> list[tuple[str, str]]:
    """Names and addresses of a header; what the standard library's newer reader makes of long names is wrong."""
    values = message_from_bytes(raw, policy=policy.compat32).get_all(header)
    return [(str(make_header(decode_header(name))), spec) for name, spec in getaddresses(values or [])]


def body(found: EmailMessage, subtype: str) -> str:
    """Of the part."""
    part = found.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_an_ordinary_message() -> None:
    """Every header once, as others write them; the Message-ID follows from the mail."""
    found = read(made(mail=mail("digest", "one"), unsubscribe="https://x.example/u/token"))
    assert dict(found.items()) == {
        "From": "Talent Exchange <exchange@loti.example>",
        "To": "Ada Example <ada@hackney.example>",
        "Subject": "Subject",
        "Date": "Tue, 01 Sep 2026 08:30:00 +0000",
        "Message-ID": "<00000000-0000-0000-0000-000000000007@loti.example>",
        "List-Id": '"Talent Exchange: digest" <digest.loti.example>',
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://x.example/u/token>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Correlation-ID": "one",
        "MIME-Version": "1.0",
        "Content-Language": "en-GB",
        "Content-Type": 'multipart/alternative; boundary="=_00000000000000000000000000000007"',
    }
    assert (body(found, "plain"), body(found, "html")) == ("text\n", "<p>text\n")


def test_two_attempts_have_one_message_id_and_two_mails_have_two() -> None:
    """Whatever else changes between attempts."""
    first = read(made())
    again = read(made(mail=Mail(UUID(int=7), "digest", 4, 2, ()), now=datetime(2027, 1, 1, tzinfo=UTC)))
    other = read(made(mail=Mail(UUID(int=8), "digest", 1, 0, ())))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]


def test_a_mail_about_many_things_has_no_thread_of_its_own() -> None:
    """The ledger knows their correlations; a header would name one of them."""
    assert read(made(mail=mail("digest", "one", "one")))["X-Correlation-ID"] == "one"
    assert read(made(mail=mail("digest", "one", "two")))["X-Correlation-ID"] is None


def test_an_introduction_is_answered_to_both() -> None:
    """Both in To and in Reply-To; no unsubscribe header, since nothing is subscribed."""
    both = [ADA, mailbox("Bo", "bo@x.example")]
    found = read(made(mail=mail("introduction"), to=both))
    assert [one.addr_spec for one in found["To"].addresses] == ["ada@hackney.example", "bo@x.example"]
    assert str(found["Reply-To"]) == str(found["To"])
    assert found["List-Unsubscribe"] is None
    assert read(made())["Reply-To"] is None


def test_a_long_link_to_unsubscribe_stays_on_its_line() -> None:
    """Up to the 998 characters of a line of mail, never folded; a longer one, and one that is no link, is an error."""
    link = "https://x.example/" + "t" * (998 - len("List-Unsubscribe: <https://x.example/>"))
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in made(unsubscribe=link)
    with pytest.raises(ValueError, match="List-Unsubscribe is longer than the 998"):
        made(unsubscribe=link + "t")
    for bad in (
        "https://x.example/ü",
        "https://x.example/>\r\nBcc: a@b.example",
        "mailto:a@b.example",
        "https://x y",
    ):
        with pytest.raises(ValueError, match="no web address"):
            made(unsubscribe=bad)


@given(
    subject=ANYTHING,
    name=ANYTHING,
    own=ANYTHING,
    correlation=ANYTHING,
    kind=st.sampled_from(["digest", "introduction"]),
)
def test_no_text_becomes_a_header(
    subject: str, name: str, own: str, correlation: str, kind: MailKind
) -> None:
    """Whatever stands in a subject, a name or an id: the headers are those of an ordinary message and no others, no line is
    longer than allowed, and each text is read back as one line of what it was."""
    raw = made(
        Letter(subject, "text", "html", ""),
        mail=mail(kind, correlation),
        to=[mailbox(name, "ada@hackney.example"), ADA],
        sender=Sender(own, "exchange@loti.example"),
    )
    ordinary = made(Letter("s", "text", "html", ""), mail=mail(kind, "one"))
    found = read(raw)
    assert list(found.keys()) == list(read(ordinary).keys())
    head = raw.partition(b"\r\n\r\n")[0]
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert raw.isascii()
    assert all(len(line) <= 78 or b"=?" not in line for line in head.split(b"\r\n"))
    assert found["Subject"] == one_line(subject)
    assert named(raw, "To") == [
        (one_line(name, 100), "ada@hackney.example"),
        ("Ada Example", "ada@hackney.example"),
    ]
    assert named(raw, "From") == [(one_line(own, 100), "exchange@loti.example")]


def test_what_looks_encoded_is_not_decoded_twice() -> None:
    """A title that is itself an encoded word, with a header inside, is shown as it is and adds none."""
    title = "=?utf-8?q?Hello=0D=0ABcc:_eve@evil.example?="
    raw = made(Letter(title, "t", "h", ""), to=[Address(title, "ada", "hackney.example")])
    assert read(raw)["Subject"] == title
    assert named(raw, "To") == [(title, "ada@hackney.example")]
    assert read(raw)["Bcc"] is None


def test_letters_beyond_ascii_before_the_at() -> None:
    """They stand in To in UTF-8, as RFC 6532 has it; everything else stays ASCII."""
    raw = made(to=[mailbox("Jürgen", "jürgen@bücher.example")])
    [line] = [line for line in raw.split(b"\r\n") if not line.isascii()]
    assert line == " <jürgen@xn--bcher-kva.example>".encode()
    assert read(raw)["To"].addresses[0].addr_spec == "jürgen@xn--bcher-kva.example"
    assert read(raw)["To"].addresses[0].display_name == "Jürgen"


BODY = st.lists(
    st.text("ab .=-\t\r\nü€𝄞\0", max_size=120)
    | st.sampled_from(["\r\n.\r\n", "--=_00", "From x", "x" * 900, " \n", "\r"]),
    max_size=8,
).map("".join)


def as_kept(text: str) -> str:
    """With newlines of one kind, and no spaces at the end of a line."""
    return re.sub(r"[ \t]+(?=\n|\Z)", "", re.sub(r"\r\n?", "\n", text))


@given(text=BODY, html=BODY)
def test_bodies_are_read_back(text: str, html: str) -> None:
    """Whatever a letter says is read back to the letter, newlines made one kind and lines without spaces at their end; on the wire it is ASCII in lines of 76 at
    most, and nothing in it ends the message or the part."""
    raw = made(Letter("s", text, html, ""))
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    found = read(raw)
    for subtype, wanted in (("plain", text), ("html", html)):
        part = found.get_body((subtype,))
        assert part is not None
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert content.decode().replace("\r\n", "\n") == as_kept(wanted)


# A gap stands between words of a template: it never cuts a line's end, CR LF, in two.
PIECE = BODY.filter(lambda text: not text.endswith("\r"))


@given(pieces=st.lists(PIECE, min_size=1, max_size=4), own=PIECE)
def test_a_form_says_the_same_as_the_letter(pieces: list[str], own: str) -> None:
    """A form that is encoded once, with each reader's own filled in, is read back as the whole letter is."""
    gaps = tuple(f"gap {n}" for n in range(len(pieces) - 1))
    gapped, filled = Gapped(tuple(pieces), gaps), dict.fromkeys(gaps, own)
    form = Form("s", gapped, gapped, gapped)
    whole = gapped.filled(filled)
    for _ in range(2):  # the second time from what was kept
        raw = made(Letter("s", whole, whole, "", form, filled, filled))
        assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
        plain = read(raw).get_body(("plain",))
        assert plain is not None
        content = plain.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert as_kept(content.decode()) == as_kept(whole)
