"""The mail relay, and what the domain of the sender says about who may send for it: SPF, DKIM and DMARC (RFC 7208, 6376,
7489), as far as DNS tells from here."""

import base64
import ssl
from collections.abc import Sequence
from typing import Any

import aiosmtplib
import dns.asyncresolver
import dns.exception
import dns.resolver
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from deploy.doctor import judging_domain
from deploy.doctor.findings import Finding
from deploy.doctor.installed import Installed

_SECONDS = 5.0
_TRIED_OUT = ("example", "test", "invalid", "localhost")
"""Names that never are on the internet (RFC 2606)."""


async def check(one: Installed) -> list[Finding]:
    """Of a service that sends mail; nothing of another."""
    settings: Any = one.settings
    if not hasattr(settings, "smtp_host"):
        return []
    found = [] if getattr(settings, "transport", "smtp") != "smtp" else [await _relay(one.name, settings)]
    domain = settings.sender.rpartition("@")[2]
    if domain.rpartition(".")[2] in _TRIED_OUT:
        if not one.local:
            found.append(
                Finding(
                    "wrong",
                    one.name,
                    "sender",
                    f"{domain} can send no mail: it is a name for examples",
                    "set LOTI_SENDER to an address that is read",
                )
            )
        return found
    if one.name != "notify":
        return found
    found += judging_domain.spf(domain, await _texts(domain))
    found += judging_domain.dmarc(domain, await _texts(f"_dmarc.{domain}"))
    if selector := settings.dkim_selector:
        found += judging_domain.dkim(
            selector,
            domain,
            await _texts(f"{selector}._domainkey.{domain}"),
            _public_key(settings.dkim_key_file),
        )
    elif getattr(settings, "transport", "smtp") == "smtp":
        found.append(
            Finding(
                "warning",
                "notify",
                "DKIM",
                "mail is not signed here",
                "set LOTI_DKIM_SELECTOR and LOTI_DKIM_KEY_FILE, unless the relay signs",
            )
        )
    return found


async def _relay(name: str, settings: Any) -> Finding:
    """Greet it, encrypt, sign in, and leave: no mail is sent."""
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        trust = (
            None if settings.smtp_tls == "none" else ssl.create_default_context(cafile=settings.smtp_ca_file)
        )
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host, port=settings.smtp_port, timeout=settings.smtp_timeout,
            use_tls=settings.smtp_tls == "tls", start_tls=settings.smtp_tls == "starttls", tls_context=trust,
        )  # fmt: skip
        async with client:
            if settings.smtp_user:
                await client.login(
                    settings.smtp_user,
                    settings.smtp_password.get_secret_value() if settings.smtp_password else "",
                )
            await client.ehlo()
            offered = client.supports_extension("starttls")
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return Finding(
            "wrong",
            name,
            "relay",
            f"{place} cannot be used: {type(error).__name__}: {error}",
            "look at LOTI_SMTP_HOST, _PORT, _TLS, _USER and _PASSWORD, and whether the relay is reached from here",
        )
    if offered and settings.smtp_tls == "none":
        return Finding(
            "warning",
            name,
            "relay",
            f"{place} offers encryption, and it is not used",
            "set LOTI_SMTP_TLS=starttls",
        )
    return Finding("good", name, "relay", f"{place} answers")


async def _texts(name: str) -> Sequence[str] | None:
    """The TXT records; None where nobody could be asked."""
    try:
        answer = await dns.asyncresolver.resolve(name, "TXT", lifetime=_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return None
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]


def _public_key(path: Any) -> str | None:
    try:
        key: Any = load_pem_private_key(path.read_bytes(), password=None).public_key()
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    if hasattr(key, "public_numbers"):  # RSA: SubjectPublicKeyInfo; Ed25519: the 32 bytes alone (RFC 8463)
        return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
