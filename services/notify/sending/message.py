"""Messages: a letter with its addresses as the bytes of RFC 5322. Pure.

Written out here and not by the standard library's EmailMessage, which breaks long header lines where mailboxes do not mend
them (List-Unsubscribe above all) and takes seven times as long, for a form that readers share seventy times:
`python -m tests.notify.sending.bench_message`.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache

from services.notify.identity import message_id
from services.notify.letters.letter import Form, Gapped, Letter
from services.notify.letters.wording import one_line
from services.notify.mails import Mail

_LONGEST_LINE = 998  # RFC 5322, 2.1.1
_CHUNK = (
    36  # bytes in one encoded word: with the longest name of a header, a line stays within 76 (RFC 2047, 2)
)
_PLAIN = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_URL = re.compile(r"https?://[!-;=?-~]+")  # printable ASCII without < and >
_NEWLINE = re.compile(r"\r\n?|\n")
_TRAILING = re.compile(r"[ \t]+\n")
_FOLDED = re.compile(r"[^\r\n]*(\r\n [^\r\n]+)*")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mail is from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands after the @; Message-ID and List-Id are made in it."""
        return self.address.rpartition("@")[2]


def message(
    mail: Mail,
    letter: Letter,
    to: Sequence[Address],
    sender: Sender,
    now: datetime,
    *,
    unsubscribe: str | None = None,
) -> bytes:
    """The message for these mailboxes, in 7-bit lines; only an address with letters beyond ASCII is in UTF-8 (RFC 6532).

    Two attempts at the same mail have the same Message-ID. A reply to an introduction goes to both whom it introduces.
    `unsubscribe` is where one POST stops everything (RFC 8058). Raises ValueError for one that is no web address.
    """
    boundary = f"=_{mail.id.hex}"  # no line of quoted-printable can hold =_
    everybody = ",\r\n ".join(map(_mailbox, to))
    correlations = {item.correlation_id for item in mail.items}
    thread = correlations.pop() if len(correlations) == 1 else None
    headers = (
        _shared_headers(sender, mail.kind, letter.subject, thread),
        _date(int(now.timestamp()), now.tzinfo),
        _header("To", everybody),
        _header("Reply-To", everybody) if mail.kind == "introduction" else "",
        _header("Message-ID", message_id(mail.id, sender.domain)),
        _one_click(unsubscribe),
        f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n',
    )
    text, html = _bodies(letter)
    between = f"\r\n--{boundary}".encode()
    return b"".join(
        (
            "".join(headers).encode(),
            between,
            _part("plain"),
            text,
            between,
            _part("html"),
            html,
            between,
            b"--\r\n",
        )
    )


@lru_cache(maxsize=64)
def _shared_headers(sender: Sender, kind: str, subject: str, thread: str | None) -> str:
    """Headers that all mails of an edition have in common. A mail about many things has many threads, of which the
    ledger knows: then `thread` is None."""
    headers = [
        ("From", _named(sender.name, sender.address)),
        ("Subject", _text(one_line(subject))),
        ("List-Id", _named(f"{one_line(sender.name, 60)}: {kind}", f"{kind}.{sender.domain}")),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
        ("Content-Language", "en-GB"),
    ]
    if thread is not None:
        headers.append(("X-Correlation-ID", _text(one_line(thread, 100))))
    return "".join(_header(name, value) for name, value in headers)


@lru_cache(maxsize=16)
def _date(second: int, zone: tzinfo | None) -> str:
    return _header("Date", format_datetime(datetime.fromtimestamp(second, zone or UTC)))


def _one_click(unsubscribe: str | None) -> str:
    if unsubscribe is None:
        return ""
    if not _URL.fullmatch(unsubscribe):
        raise ValueError("the address to unsubscribe at is no web address in ASCII")
    return _header("List-Unsubscribe", f"<{unsubscribe}>") + _header(
        "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    )


def _header(name: str, value: str) -> str:
    return f"{name}: {_sound(name, value)}\r\n"


def _sound(name: str, value: str) -> str:
    """The value, which has no line that is too long and none that begins another header. Raises ValueError."""
    longest = len(value)
    if "\r" in value or "\n" in value:
        if not _FOLDED.fullmatch(value):
            raise ValueError(f"{name} would begin a line of its own")
        longest = max(map(len, value.split("\r\n")))
    if len(name) + 2 + longest > _LONGEST_LINE:
        raise ValueError(f"{name} is longer than the {_LONGEST_LINE} characters that a line of mail may have")
    return value


def _mailbox(address: Address) -> str:
    return _named(address.display_name, address.addr_spec)


def _named(name: str, spec: str) -> str:
    """An address or an id behind its name, which stands there as it is, quoted, or in encoded words."""
    line = one_line(name, 100)
    if not line:
        return f"<{spec}>"
    if not _PLAIN.fullmatch(line) or "=?" in line:
        return f"{_encoded(line)}\r\n <{spec}>"
    if _ATOMS.fullmatch(line):
        return f"{line} <{spec}>"
    quoted = line.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{spec}>'


def _text(line: str) -> str:
    """A line of text as it is, unless it is not ASCII or could be taken for an encoded word."""
    return line if _PLAIN.fullmatch(line) and "=?" not in line else _encoded(line)


def _encoded(line: str) -> str:
    """Encoded words of whole characters (RFC 2047), a line for each."""
    words, word = [], b""
    for character in line:
        more = character.encode("utf-8", "replace")
        if len(word) + len(more) > _CHUNK:
            words.append(word)
            word = b""
        word += more
    words.append(word)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(one).decode()}?=" for one in words)


def _part(subtype: str) -> bytes:
    return (
        f"\r\nContent-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode()


def _bodies(letter: Letter) -> tuple[bytes, bytes]:
    """Text and HTML, encoded; of a form that many readers share, only what is the reader's own."""
    if letter.form is None or letter.own_text is None or letter.own_html is None:
        text, html = _quoted(letter.text), _quoted(letter.html)
    else:
        texts, htmls = _encoded_form(letter.form)
        text = _filled(letter.form.text, texts, letter.own_text)
        html = _filled(letter.form.html, htmls, letter.own_html)
    return text.rstrip(b" \t"), html.rstrip(b" \t")


@lru_cache(maxsize=16)
def _encoded_form(form: Form) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    return tuple(map(_quoted, form.text.pieces)), tuple(map(_quoted, form.html.pieces))


def _filled(gapped: Gapped, pieces: Sequence[bytes], own: Mapping[str, str]) -> bytes:
    """Pieces and gaps, each from the beginning of an encoded line: a line that ends with = goes on in the next."""
    whole = [pieces[0]]
    for gap, piece in zip(gapped.gaps, pieces[1:], strict=True):
        whole += (_quoted(own[gap]), piece)
    return b"=\r\n".join(whole)


def _quoted(text: str) -> bytes:
    """Quoted-printable with CRLF, in lines of 76 at most, the last of them of 75; spaces before a newline are left out.

    The standard library makes a line too long where it ends with a space, and the last one, hence the letter that is
    added and taken away.
    """
    lines = _NEWLINE.sub("\n", text) if "\r" in text else text
    if " \n" in lines or "\t\n" in lines:
        lines = _TRAILING.sub("\n", lines)
    return b2a_qp(f"{lines}x".encode("utf-8", "replace"))[:-1].replace(b"\n", b"\r\n")
