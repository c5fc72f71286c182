"""Draws what the secure form of docker-compose.yml needs, once: a certificate authority, the broker's certificate, and a
password for whoever signs in. What is there is kept, but for a certificate that ends within a month.

`python -m deploy.compose.certificates --to FOLDER --names kafka,localhost --for ingest,salaries` fills

    FOLDER/authority      the authority's key: for this step alone
    FOLDER/kafka          kafka.pem: key and certificates of the broker, for these names and 127.0.0.1
    FOLDER/NAME           kafka-password and ca.crt of each: mount it there alone

The folders are there before it, each a volume of its own.
"""

import argparse
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS: Final = 3650
BROKER_DAYS: Final = 397
"""As long as clients commonly believe a certificate (CA/Browser Forum's limit until 2026)."""
RENEWED: Final = timedelta(days=30)


def draw(folder: Path, *, names: Sequence[str], users: Sequence[str], now: datetime) -> list[str]:
    """Fill the folders; what was made, in words. Raises OSError where a folder is not there or cannot be written."""
    made = []
    authority = folder / "authority" / "authority.pem"
    if not authority.exists():
        _write(authority, _authority(now), 0o600)
        made.append("an authority")
    key, certificate = _read(authority.read_bytes())
    broker = folder / "kafka" / "kafka.pem"
    if not broker.exists() or made or _ends(broker) < now + RENEWED:
        _write(broker, _of_broker(names, key, certificate, now), 0o444)  # another user reads it: the broker
        made.append(f"a certificate for {', '.join(names)}")
    public = certificate.public_bytes(serialization.Encoding.PEM)
    for user in users:
        if not (folder / user / "ca.crt").exists() or made:
            _write(folder / user / "ca.crt", public, 0o444)
        password = folder / user / "kafka-password"
        if not password.exists():
            _write(password, secrets.token_urlsafe(32).encode(), 0o400)
            made.append(f"a password for {user}")
    return made


def _authority(now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Talent Exchange on this machine")])
    certificate = (
        _begun(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(key) + certificate.public_bytes(serialization.Encoding.PEM)


def _of_broker(
    names: Sequence[str], signer: ec.EllipticCurvePrivateKey, authority: x509.Certificate, now: datetime
) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    known_as = [*map(x509.DNSName, names), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    certificate = (
        _begun(name, authority.subject, key.public_key(), now, BROKER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(known_as), critical=False)
        .add_extension(by, critical=False)
        .sign(signer, hashes.SHA256())
    )
    chain = [certificate, authority]
    return _pem(key) + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read(pem: bytes) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is of another kind; remove its volume, and it is made anew")
    return key, x509.load_pem_x509_certificate(pem)


def _ends(pem: Path) -> datetime:
    return x509.load_pem_x509_certificate(pem.read_bytes()).not_valid_after_utc


def _write(path: Path, content: bytes, mode: int) -> None:
    """All of it or nothing, and never readable for more than it should be."""
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.chmod(mode)
    fresh.replace(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Certificates and passwords, drawn once.")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--names", required=True, help="What the broker is called, comma-separated.")
    parser.add_argument("--for", dest="users", required=True, help="Who signs in, comma-separated.")
    given = parser.parse_args()
    done = draw(given.to, names=given.names.split(","), users=given.users.split(","), now=datetime.now(UTC))
    print("\n".join(done) if done else "everything is there")  # noqa: T201 - the step's log
