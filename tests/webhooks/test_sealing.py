"""Endpoints' secrets in the database: sealed, bound to their endpoint, brought under a new key, and never in the clear."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.delivery.database import Connection
from services.webhooks.app import service
from services.webhooks.push import resealing
from services.webhooks.push.endpoint_changes import rotate
from services.webhooks.push.endpoints import endpoints
from services.webhooks.push.sealing import NoKeys, NotOpened, Seals, seals_of
from services.webhooks.push.signing import secret_of
from tests.webhooks.hearing import KEYS, endpoint, hear, pushing, role, until_states
from tests.webhooks.receiver import Receiver

OTHER = "another key of at least 32 characters"
SECRETS = st.text(min_size=1, max_size=100).map(lambda text: f"whsec_{text}")
NAMES = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)


@given(SECRETS, NAMES, NAMES)
def test_only_its_key_and_its_endpoint_open_it(secret: str, name: str, another: str) -> None:
    """What is sealed tells nothing, opens with its key for its endpoint, and for nobody else."""
    ours, theirs = seals_of(KEYS), seals_of(OTHER)
    kept = ours.seal(secret, endpoint=name)
    assert secret not in kept
    assert kept != ours.seal(secret, endpoint=name)
    assert ours.open(kept, endpoint=name) == secret
    with pytest.raises(NotOpened, match="LOTI_WEBHOOK_KEYS"):
        theirs.open(kept, endpoint=name)
    if another != name:
        with pytest.raises(NotOpened):
            ours.open(kept, endpoint=another)


@given(SECRETS, st.data())
def test_one_changed_character_is_noticed(secret: str, data: st.DataObject) -> None:
    """Whatever is changed, cut or added: it is not opened to something else."""
    kept = seals_of(KEYS).seal(secret, endpoint="team")
    at = data.draw(st.integers(0, len(kept) - 1))
    changed = kept[:at] + data.draw(st.sampled_from(["", "A", "/", "=", "\n", "é"])) + kept[at + 1 :]
    try:
        assert seals_of(KEYS).open(changed, endpoint="team") == secret
    except NotOpened:
        return


@given(SECRETS)
def test_a_new_key_goes_first_and_the_old_behind_it(secret: str) -> None:
    """Both open what the old one sealed; what is sealed anew needs the new one alone."""
    old, both, new = seals_of(OTHER), seals_of(f"{KEYS}, {OTHER}"), seals_of(KEYS)
    kept = old.seal(secret, endpoint="team")
    assert both.open(kept, endpoint="team") == secret
    assert not both.is_newest(kept, endpoint="team")
    again = both.seal(both.open(kept, endpoint="team"), endpoint="team")
    assert new.open(again, endpoint="team") == secret


@pytest.mark.parametrize("keys", ["", " , ", "short", f"{OTHER},short"])
def test_keys_that_are_none(keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which setting, and how to make one; the service does not start without."""
    with pytest.raises(NoKeys, match=r"LOTI_WEBHOOK_KEYS must hold .* openssl rand -hex 32"):
        seals_of(keys)
    monkeypatch.setenv("LOTI_WEBHOOK_KEYS", keys)
    with pytest.raises(NoKeys):
        service()


async def test_what_was_in_the_clear_is_sealed_and_goes_on_signing(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """A database of before: once somebody pushes, no secret is in it in the clear, and every signature fits."""
    secret = await endpoint(db, receiver)
    await db.execute("UPDATE endpoints SET secret = $1", secret)
    await hear(db, role("r1"))
    async with pushing(dsn):
        await until_states(db, [("delivered", 1)])
    assert receiver.forged == 0
    kept = await db.fetchval("SELECT secret FROM endpoints")
    assert seals_of(KEYS).is_newest(kept, endpoint="dashboard")


async def test_a_rotation_of_the_key_changes_no_secret(db: Connection, receiver: Receiver) -> None:
    """With a new key before the old, both secrets come under the new one; an old secret that signs no more is forgotten.
    Done twice, the second changes nothing."""
    secret = await endpoint(db, receiver)
    ours, now = seals_of(KEYS), datetime.now(UTC)
    for name, until in (("dashboard", now + timedelta(hours=1)), ("second", now - timedelta(hours=1))):
        if name != "dashboard":
            await endpoint(db, receiver, name)
        old = ours.seal("whsec_b2xk", endpoint=name)
        await db.execute(
            "UPDATE endpoints SET old_secret = $2, old_secret_until = $3 WHERE name = $1", name, old, until
        )
    assert await resealing.reseal(db, seals_of(f"{OTHER},{KEYS}"), now=now) == 2
    assert await resealing.reseal(db, seals_of(f"{OTHER},{KEYS}"), now=now) == 0
    fresh = seals_of(OTHER)
    first, second = await db.fetch("SELECT * FROM endpoints ORDER BY name")
    assert fresh.open(first["secret"], endpoint="dashboard") == secret
    assert fresh.open(first["old_secret"], endpoint="dashboard") == "whsec_b2xk"
    assert (second["old_secret"], second["old_secret_until"]) == (None, None)


async def test_a_lost_key_stops_its_endpoints_alone(dsn: str, db: Connection, receiver: Receiver) -> None:
    """What was sealed with a key that is not set any more waits, unsigned and untried; the others are pushed to, and with
    the key set again it goes on."""
    await endpoint(db, receiver, "first")
    secret = await endpoint(db, receiver)
    await db.execute(
        "UPDATE endpoints SET secret = $1 WHERE name = 'dashboard'",
        Seals((b"x" * 32,)).seal(secret, endpoint="dashboard"),
    )
    await hear(db, role("r1"))
    async with pushing(dsn):
        await until_states(db, [("delivered", 1)], "first")
        await until_states(db, [("waiting", 0)])
    await db.execute(
        "UPDATE endpoints SET secret = $1 WHERE name = 'dashboard'",
        seals_of(OTHER).seal(secret, endpoint="dashboard"),
    )
    async with pushing(dsn, webhook_keys=f"{KEYS},{OTHER}"):
        await until_states(db, [("delivered", 1)])
    assert receiver.forged == 0


async def test_after_a_lost_key_a_new_secret_helps(dsn: str, db: Connection, receiver: Receiver) -> None:
    """What the error advises: once rotated, events are signed with the new secret alone, though the old one is still to sign
    and cannot; and it is forgotten."""
    lost = Seals((b"x" * 32,)).seal(await endpoint(db, receiver), endpoint="dashboard")
    await db.execute("UPDATE endpoints SET secret = $1", lost)
    secret = receiver.secrets["/dashboard"] = secret_of(b"n" * 32)
    until = datetime.now(UTC) + timedelta(hours=24)
    async with db.transaction():
        assert await rotate(db, "dashboard", seals_of(KEYS).seal(secret, endpoint="dashboard"), until=until)
    [found] = await endpoints(db)
    assert found.secrets(datetime.now(UTC), seals_of(KEYS)) == [secret]
    await hear(db, role("r1"))
    async with pushing(dsn):
        await until_states(db, [("delivered", 1)])
    assert receiver.forged == 0
    assert await db.fetchval("SELECT old_secret FROM endpoints") is None
