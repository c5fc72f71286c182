"""Signatures, verified by dkimpy as a mailbox would: from the message and a key in DNS."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import dkim
import pytest

from services.notify.letters.letter import Letter
from services.notify.mails import Mail
from services.notify.sending.dkim_signing import NoKey, signer
from services.notify.sending.message import Sender, message
from services.notify.sending.outgoing import Accepted, Outgoing
from services.notify.sending.pool import SmtpPool
from services.notify.settings import NotifySettings
from tests.notify.mail_relay import MailRelay

KEYS = Path(__file__).with_name("keys")
KINDS = [
    ("dkim_rsa.pem", "dkim_rsa.txt"),
    ("dkim_rsa_traditional.pem", "dkim_rsa.txt"),
    ("dkim_ed25519.pem",) * 2,
]


def settings(key: Path | None, selector: str | None = "2026", port: int = 25) -> NotifySettings:
    """That sign with this key."""
    return NotifySettings(
        dkim_key_file=key, dkim_selector=selector, sender="exchange@loti.example", smtp_port=port
    )


def made(text: str = "Hallo Wört.\n. dot\n\n\nend  \n") -> bytes:
    """A message with everything that is signed."""
    mail = Mail(UUID(int=1), "digest", 1, 0, ())
    return message(
        mail,
        Letter("Neue Rollen – und mehr", text, f"<p>{text}", text),
        [],
        Sender("Talent Exchange", "exchange@loti.example"),
        datetime(2026, 9, 1, tzinfo=UTC),
        unsubscribe="https://x.example/u/" + "t" * 300,
    ).replace(b"To: ", b"To: someone@b.example")


def verified(signed: bytes, dns: str) -> bool:
    """Whether a mailbox would find the signature good."""
    record = (KEYS / dns.replace(".pem", ".txt")).read_bytes()

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"2026._domainkey.loti.example."
        return record

    return bool(dkim.verify(signed, dnsfunc=look_up))


@pytest.mark.parametrize(("key", "dns"), KINDS)
def test_a_signature_is_good_and_covers_what_counts(key: str, dns: str) -> None:
    """RSA in both PEM forms and Ed25519; changing any header that a reader sees, or either List-Unsubscribe header, or the
    body, or adding a second From or Subject, breaks it."""
    found = signer(settings(KEYS / key))
    assert found is not None
    signed = found.signed(made())
    assert verified(signed, dns)
    assert not verified(signed.replace(b"dot", b"d0t"), dns)
    for name in (
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
        "MIME-Version", "Content-Type",
    ):  # fmt: skip
        header = f"\r\n{name}: ".encode()
        assert header in signed
        assert not verified(signed.replace(header, header + b"x", 1), dns), name
    for second in (
        b"From: boss@evil.example\r\n",
        b"Subject: pay now\r\n",
        b"Reply-To: boss@evil.example\r\n",
    ):
        assert not verified(second + signed, dns), second


@pytest.mark.parametrize(("key", "dns"), KINDS[1:])
async def test_what_the_relay_gets_is_signed(key: str, dns: str) -> None:
    """Dot-stuffed, pipelined and taken by a real server, the signature is still good."""
    relay = MailRelay()
    await relay.start()
    pool = SmtpPool(settings(KEYS / key, port=relay.port))
    outgoing = Outgoing(
        UUID(int=1), "exchange@loti.example", ("r@b.example",), made(), Letter("", "", "", "")
    )
    assert isinstance(await pool.send(outgoing, within=10), Accepted)
    await pool.close()
    await relay.stop()
    [raw] = relay.raw
    assert verified(raw, dns)


def test_without_settings_nothing_is_signed() -> None:
    """Neither key nor selector: mail leaves unsigned."""
    assert signer(settings(None, None)) is None


@pytest.mark.parametrize(
    ("key", "selector", "says"),
    [
        (KEYS / "nowhere.pem", "2026", r"nowhere\.pem \(LOTI_DKIM_KEY_FILE\) cannot be read: No such file"),
        (KEYS, "2026", "cannot be read: Is a directory"),
        (KEYS / "README.md", "2026", "holds no private key in PEM; make one with: openssl genpkey"),
        (KEYS / "authority.pem", "2026", "holds 'CERTIFICATE', not an RSA or Ed25519 private key"),
        (KEYS / "dkim_rsa.pem", None, "belong together"),
        (None, "2026", "belong together"),
        (KEYS / "dkim_rsa.pem", "a b\r\nc", "make a DNS name"),
    ],
)
def test_what_cannot_sign_stops_the_start(key: Path | None, selector: str | None, says: str) -> None:
    """With what, where, and what to do about it; the pool is not made."""
    with pytest.raises(NoKey, match=says):
        SmtpPool(settings(key, selector))


@pytest.mark.parametrize("text", ["AAAA", "!", "MC4CAQAwBQYDK2VwBCIEIA=="])
def test_a_damaged_key_stops_the_start(tmp_path: Path, text: str) -> None:
    """PEM around what is no key, or half of one."""
    path = tmp_path / "key.pem"
    path.write_text(f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
    with pytest.raises(NoKey, match=r"key\.pem \(LOTI_DKIM_KEY_FILE\)"):
        signer(settings(path))
