"""Secrecy and logins, against aiosmtpd on a real socket."""

import ssl
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.notify.letters.letter import Letter
from services.notify.sending.outgoing import Accepted, NotNow, Outcome, Outgoing, Refused
from services.notify.sending.pool import BadTrust, SmtpPool
from services.notify.settings import NotifySettings
from tests.notify.mail_relay import MailRelay

KEYS = Path(__file__).with_name("keys")
OURS = KEYS / "authority.pem"


def certificate() -> ssl.SSLContext:
    """For 127.0.0.1 and localhost, from the test authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / "relay.pem")
    return context


async def send(relay: MailRelay, *, mails: int = 1, to: str = "r@b.example", **given: Any) -> Outcome:
    """What becomes of the last of so many mails, to a relay that is started and stopped."""
    await relay.start()
    pool = SmtpPool(NotifySettings(smtp_port=relay.port, smtp_timeout=5, **given))
    try:
        for n in range(mails):
            message = f"To: {to}\r\nMessage-ID: <{n}@x>\r\n\r\ntext\r\n".encode()
            outcome = await pool.send(
                Outgoing(UUID(int=n), "us@loti.example", (to,), message, Letter("s", "t", "h", "m")),
                within=10,
            )
    finally:
        await pool.close()
        await relay.stop()
    return outcome


@pytest.mark.parametrize(("tls", "implicit"), [("starttls", False), ("tls", True)])
async def test_mails_go_over_tls(tls: str, implicit: bool) -> None:
    """By STARTTLS and from the first byte; pipelined behind it, over one connection."""
    relay = MailRelay(certificate=certificate(), implicit=implicit)
    outcome = await send(relay, mails=3, smtp_tls=tls, smtp_ca_file=OURS)
    assert isinstance(outcome, Accepted)
    assert (relay.secured, relay.connections) == (3, 1)


@pytest.mark.parametrize(("tls", "implicit"), [("starttls", False), ("tls", True)])
@pytest.mark.parametrize("trusted", [None, KEYS / "another_authority.pem"], ids=["the system's", "another"])
async def test_a_stranger_gets_no_mail(tls: str, implicit: bool, trusted: Path | None) -> None:
    """A certificate from an authority that is not trusted: no mail, no login, and the reason is said."""
    relay = MailRelay(certificate=certificate(), implicit=implicit, user="u", password="p")
    outcome = await send(
        relay, smtp_tls=tls, smtp_ca_file=trusted, smtp_user="u", smtp_password=SecretStr("p")
    )
    assert isinstance(outcome, NotNow)
    assert outcome.unreachable
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.answer
    assert relay.taken == []


async def test_another_host_gets_no_mail() -> None:
    """A certificate that is for another name."""
    relay = MailRelay(certificate=certificate(), implicit=True)
    outcome = await send(relay, smtp_tls="tls", smtp_ca_file=OURS, smtp_host="127.0.0.2")
    assert isinstance(outcome, NotNow)
    assert outcome.unreachable


async def test_starttls_is_not_done_without() -> None:
    """A relay that does not offer STARTTLS, where it was asked for, gets nothing in the clear."""
    relay = MailRelay()
    outcome = await send(relay, smtp_tls="starttls", smtp_ca_file=OURS)
    assert isinstance(outcome, NotNow)
    assert outcome.unreachable
    assert relay.taken == []


@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
async def test_logins(tls: str) -> None:
    """With the right password mail leaves; with a wrong one, or none, nobody is served, and the password is not said."""
    for password, wanted in (("geheim", Accepted), ("falsch", NotNow), (None, NotNow)):
        relay = MailRelay(
            certificate=None if tls == "none" else certificate(),
            implicit=tls == "tls",
            user="us",
            password="geheim",
        )
        login: dict[str, Any] = (
            {} if password is None else {"smtp_user": "us", "smtp_password": SecretStr(password)}
        )
        outcome = await send(relay, smtp_tls=tls, smtp_ca_file=OURS, **login)
        assert isinstance(outcome, wanted)
        assert "falsch" not in outcome.answer
        if isinstance(outcome, NotNow):
            assert outcome.unreachable
            assert relay.taken == []


async def test_a_login_that_the_relay_does_not_know() -> None:
    """A user was set for a relay that has no logins: said clearly, and no mail."""
    outcome = await send(
        MailRelay(certificate=certificate()), smtp_user="us", smtp_password=SecretStr("p"), smtp_tls="none"
    )
    assert isinstance(outcome, NotNow)
    assert outcome.unreachable


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_trust_that_cannot_be_read(tmp_path: Path, text: str | None) -> None:
    """A file of trusted certificates that is not there, or holds none, stops the start and is named."""
    path = tmp_path / "authorities.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadTrust, match=r"authorities\.pem \(LOTI_SMTP_CA_FILE\)"):
        SmtpPool(NotifySettings(smtp_tls="tls", smtp_ca_file=path))


@pytest.mark.parametrize("smtputf8", [True, False])
async def test_letters_beyond_ascii_before_the_at(smtputf8: bool) -> None:
    """An address that needs SMTPUTF8 is reached where the relay offers it, and refused with the reason where not:
    that is our relay's fault, so the address is not suppressed."""
    relay = MailRelay(smtputf8=smtputf8)
    outcome = await send(relay, to="jürgen@b.example")
    if smtputf8:
        assert isinstance(outcome, Accepted)
        assert relay.recipients == [["jürgen@b.example"]]
    else:
        assert outcome == Refused("the address needs SMTPUTF8, which the relay does not offer")
