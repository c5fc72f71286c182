"""The bounce mailbox: each file is heard once, put away when that is committed, and never lost."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.notify.reports import heard
from services.notify.reports.maildir import BounceMailbox, bounce_reader
from services.notify.settings import NotifySettings
from tests.notify.reports import came_back
from tests.notify.reports.came_back import path_of
from tests.notify.reports.ledger_now import LedgerNow
from tests.notify.sending.made import address


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """An empty Maildir."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def files(mailbox: Path) -> dict[str, list[str]]:
    """What is in each of its folders that has anything."""
    found = {
        folder.name: sorted(one.name for one in folder.iterdir())
        for folder in mailbox.iterdir()
        if folder.is_dir()
    }
    return {name: names for name, names in sorted(found.items()) if names}


async def read(mailbox: Path, signing: NotifySettings, pool: Any) -> None:
    await BounceMailbox(mailbox, signing).read_new(pool, asyncio.Event())


async def test_each_file_once(
    ledger: LedgerNow, mailbox: Path, signing: NotifySettings, pool: "asyncpg.Pool[Any]"
) -> None:
    """What was heard is in `cur`; what nobody can do anything with is in `refused`, whole, with the reason beside it;
    what must wait stays; what is none of our business is put away."""
    await ledger.people("contact-1", "contact-2")
    mail, in_hand = await ledger.digest(), await ledger.digest("contact-2")
    await ledger.db.execute("UPDATE mail SET status = 'sending' WHERE id = $1", in_hand)
    came = {
        "1.bounce": came_back.postfix(path_of(mail)),
        "2.same": came_back.postfix(path_of(mail)),
        "3.forged": came_back.postfix(path_of(mail, key="x" * 32)),
        "4.waits": came_back.postfix(path_of(in_hand)),
        "5.away": came_back.out_of_office(path_of(mail)),
        "6.nonsense": bytes(range(256)),
        "7.large": b"x" * 3_000_000,
        "8.empty": b"",
    }
    for name, raw in came.items():
        (mailbox / "new" / name).write_bytes(raw)
    await read(mailbox, signing, pool)
    refused = ["3.forged", "6.nonsense", "7.large", "8.empty"]
    assert files(mailbox) == {
        "cur": ["1.bounce:2,S", "2.same:2,S", "5.away:2,S"],
        "new": ["4.waits"],
        "refused": sorted([*refused, *(f"{name}.why" for name in refused)]),
    }
    for name in refused:
        assert (mailbox / "refused" / name).read_bytes() == came[name]
        assert (mailbox / "refused" / f"{name}.why").read_text().strip()
    assert "forged" in (mailbox / "refused" / "3.forged.why").read_text()
    assert await ledger.suppressed() == {"contact-1": "bounced"}
    assert len(await ledger.said()) == 1


async def test_killed_in_between(
    ledger: LedgerNow,
    mailbox: Path,
    signing: NotifySettings,
    pool: "asyncpg.Pool[Any]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed after the effect was committed and before the file was moved, the next start hears it again, to no
    effect, and moves it."""
    await ledger.people("contact-1")
    (mailbox / "new" / "1.bounce").write_bytes(came_back.postfix(path_of(await ledger.digest())))

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(BounceMailbox, "_put_away", die)
        with pytest.raises(Killed):
            await read(mailbox, signing, pool)
    assert files(mailbox) == {"new": ["1.bounce"]}
    before = await ledger.everything()
    assert await ledger.suppressed() == {"contact-1": "bounced"}
    await read(mailbox, signing, pool)
    assert files(mailbox) == {"cur": ["1.bounce:2,S"]}
    assert await ledger.everything() == before


async def test_killed_while_reading(
    ledger: LedgerNow, mailbox: Path, signing: NotifySettings, pool: "asyncpg.Pool[Any]"
) -> None:
    """However a process is killed while it reads, every report is heard once and no file is lost."""
    contacts = [f"contact-{n:02}" for n in range(24)]
    await ledger.people(*contacts)
    for contact_id in contacts:
        raw = came_back.postfix(path_of(await ledger.digest(contact_id)), address(contact_id))
        (mailbox / "new" / contact_id).write_bytes(raw)
    dsn = signing.database.get_secret_value()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.notify.reports.reading_process", dsn, str(mailbox)
    )
    while len(list((mailbox / "cur").iterdir())) < 6:
        assert process.returncode is None
        await asyncio.sleep(0.001)
    process.kill()
    await process.wait()
    assert files(mailbox)["new"]
    await read(mailbox, signing, pool)
    assert files(mailbox) == {"cur": [f"{contact_id}:2,S" for contact_id in contacts]}
    assert sorted(await ledger.suppressed()) == contacts
    assert len(await ledger.said()) == len(contacts)


async def test_several_read_at_once(
    ledger: LedgerNow, mailbox: Path, signing: NotifySettings, pool: "asyncpg.Pool[Any]"
) -> None:
    """Two processes that read the same mailbox hear each report once."""
    contacts = [f"contact-{n}" for n in range(20)]
    await ledger.people(*contacts)
    for contact_id in contacts:
        raw = came_back.postfix(path_of(await ledger.digest(contact_id)), address(contact_id))
        (mailbox / "new" / contact_id).write_bytes(raw)
    await asyncio.gather(*(read(mailbox, signing, pool) for _ in range(3)))
    assert files(mailbox) == {"cur": sorted(f"{contact_id}:2,S" for contact_id in contacts)}
    assert set(await ledger.suppressed()) == set(contacts)
    assert len(await ledger.said()) == len(contacts)


async def test_a_bug(
    ledger: LedgerNow,
    mailbox: Path,
    signing: NotifySettings,
    pool: "asyncpg.Pool[Any]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A report that finds a bug is kept with the reason, and holds up no other."""
    await ledger.people("contact-1")
    good = came_back.postfix(path_of(await ledger.digest()))
    (mailbox / "new" / "1.odd").write_bytes(b"odd")
    (mailbox / "new" / "2.good").write_bytes(good)
    real = heard.hear

    async def hear(tx: Any, settings: NotifySettings, raw: bytes, now: Any) -> heard.Heard:
        if raw == b"odd":
            raise KeyError("nobody thought of this")
        return await real(tx, settings, raw, now)

    monkeypatch.setattr(heard, "hear", hear)
    await read(mailbox, signing, pool)
    assert files(mailbox) == {"cur": ["2.good:2,S"], "refused": ["1.odd", "1.odd.why"]}
    assert (mailbox / "refused" / "1.odd").read_bytes() == b"odd"


async def test_the_loop(
    ledger: LedgerNow, mailbox: Path, signing: NotifySettings, pool: "asyncpg.Pool[Any]"
) -> None:
    """The loop waits for a mailbox that is not there yet, reads what comes, and stops when it is told to."""
    await ledger.people("contact-1")
    folder = mailbox / "mounted later"
    stopping = asyncio.Event()
    reader = bounce_reader(signing.model_copy(update={"bounce_mailbox": folder}))
    running = asyncio.create_task(reader(pool, stopping))
    (folder / "new").mkdir(parents=True)
    (folder / "new" / "1.bounce").write_bytes(came_back.postfix(path_of(await ledger.digest())))
    while not (folder / "cur" / "1.bounce:2,S").exists():
        assert not running.done()
        await asyncio.sleep(0.01)
    stopping.set()
    await running
    assert await ledger.suppressed() == {"contact-1": "bounced"}


async def test_no_mailbox(signing: NotifySettings, pool: "asyncpg.Pool[Any]") -> None:
    """Without a mailbox the loop is there until the end, as every loop must be."""
    stopping = asyncio.Event()
    running = asyncio.create_task(bounce_reader(signing)(pool, stopping))
    await asyncio.sleep(0)
    assert not running.done()
    stopping.set()
    await running
