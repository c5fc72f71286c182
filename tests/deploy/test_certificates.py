"""What the secure form of docker-compose.yml is drawn with."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.compose.certificates import AUTHORITY_DAYS, BROKER_DAYS, draw

NOW = datetime.now(UTC)
USERS = ("ingest", "portal")


@pytest.fixture
def access(tmp_path: Path) -> Path:
    """The folders that compose mounts."""
    for name in ("authority", "kafka", *USERS):
        (tmp_path / name).mkdir()
    return tmp_path


def drawn(access: Path, now: datetime = NOW) -> list[str]:
    """What was made."""
    return draw(access, names=["kafka", "localhost"], users=USERS, now=now)


def contents(access: Path) -> dict[str, bytes]:
    """Every file."""
    return {str(path.relative_to(access)): path.read_bytes() for path in access.rglob("*") if path.is_file()}


def shaken_hands(access: Path, name: str) -> bool:
    """Whether a client that believes the authority believes the broker under that name."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(access / "kafka" / "kafka.pem")
    asking = ssl.create_default_context(cafile=str(access / "portal" / "ca.crt"))
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = asking.wrap_bio(to_client, to_server, server_hostname=name)
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return client.version() is not None


def test_a_client_believes_the_broker_by_its_names_alone(access: Path) -> None:
    """A real handshake, as Python's own defaults verify it."""
    assert "an authority" in drawn(access)
    assert shaken_hands(access, "kafka")
    assert shaken_hands(access, "localhost")
    assert shaken_hands(access, "127.0.0.1")
    assert not shaken_hands(access, "postgres")


def test_what_is_there_is_kept(access: Path) -> None:
    """Drawn again nothing changes: services that run go on, and so does what Kafka knows of them."""
    drawn(access)
    before = contents(access)
    assert drawn(access, NOW + timedelta(days=200)) == []
    assert contents(access) == before


def test_a_certificate_is_renewed_before_it_ends(access: Path) -> None:
    """By the same authority, so that nobody else need learn of it; passwords stay."""
    drawn(access)
    before = contents(access)
    drawn(access, NOW + timedelta(days=BROKER_DAYS - 20))
    after = contents(access)
    assert after.pop("kafka/kafka.pem") != before.pop("kafka/kafka.pem")
    assert after == before
    assert AUTHORITY_DAYS > BROKER_DAYS


def test_nobody_reads_what_is_not_theirs(access: Path) -> None:
    """Each folder holds its own password and no other; keys and passwords are for their owner alone, but for the broker's,
    which another user reads, alone in its volume."""
    drawn(access)
    assert set(contents(access)) == {
        "authority/authority.pem", "kafka/kafka.pem",
        *(f"{user}/{file}" for user in USERS for file in ("kafka-password", "ca.crt")),
    }  # fmt: skip
    passwords = [(access / user / "kafka-password").read_text() for user in USERS]
    assert len(set(passwords)) == len(USERS)
    for name in ("authority/authority.pem", "ingest/kafka-password"):
        assert not (access / name).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH), name


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A volume that was forgotten is an error that names it."""
    with pytest.raises(FileNotFoundError, match="authority"):
        drawn(tmp_path)
