"""Killed again and again through a relay that misbehaves: the short run of `prove_sending`."""

from tests.notify.sending.prove_sending import prove
from tests.servers import Postgres


async def test_killed_at_any_instant(postgres: Postgres) -> None:
    """Each recipient gets each mail once, except those in doubt at a kill or where the relay never answered; nothing is
    marked sent that was not accepted, nothing is left unsent, and what is refused for ever is refused and suppressed."""
    proof = await prove(postgres, mails=200, kills=3, seed=7)
    assert not proof.faults, str(proof)
    assert proof.kills == 3
    assert proof.refused > 0
    assert proof.sent > 150
