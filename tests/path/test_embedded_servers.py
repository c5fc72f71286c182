"""What the servers of deploy/local promise: nothing acknowledged is lost, nothing is left behind."""

import asyncio
import json
import os
import pwd
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from hypothesis import given
from hypothesis import strategies as st

import deploy
from deploy.local.children import Child, spawn
from deploy.local.java import cache_folder, fetch_jars
from deploy.local.kafka import COORDINATES, VERSION, JarsUnavailable, start_kafka
from deploy.local.kafka_properties import cluster_id, hurried, session_ms
from deploy.local.light_broker import start_light_broker
from deploy.local.postgres import ensure_databases, start_postgres
from deploy.local.server import Server, StartFailed, free_port, until_ready
from tests.servers import Kafka, Postgres, reachable_folder

pytestmark = pytest.mark.xdist_group("servers")
REPOSITORY = Path(deploy.__file__).parents[1]


async def produce(bootstrap: str, topic: str, count: int) -> None:
    """Send the numbers below `count`; returns once each is acknowledged."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    try:
        await producer.start()
        acknowledged = [await producer.send(topic, str(number).encode()) for number in range(count)]
        await asyncio.gather(*acknowledged)
    finally:
        await producer.stop()


async def read_back(bootstrap: str, topic: str, count: int) -> list[int]:
    """The first `count` messages of a one-partition topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    try:
        await consumer.start()
        async with asyncio.timeout(30):
            return [int((await consumer.getone()).value) for _ in range(count)]
    finally:
        await consumer.stop()


async def test_kafka_keeps_what_it_acknowledged(own_kafka: Kafka) -> None:
    """Killed with -9 after acknowledging, Kafka comes back at the same address with every message, in order."""
    topic = await own_kafka.create_topic()
    await produce(own_kafka.bootstrap, topic, 1000)
    await own_kafka.kill()
    await own_kafka.restart()
    assert await read_back(own_kafka.bootstrap, topic, 1000) == list(range(1000))


async def test_kafka_is_patient_unless_it_was_killed(own_kafka: Kafka) -> None:
    """After a kill it must not wait long for its former self's session; else a busy machine may keep it waiting."""
    assert isinstance(own_kafka.process, Server)
    log = own_kafka.process.child.log.with_name("log")
    await own_kafka.stop()
    assert session_ms(log) == 9_000
    await own_kafka.start()
    await own_kafka.kill()
    assert session_ms(log) == 2_000
    hurried(log).touch()
    assert session_ms(log) == 9_000, "the last start in a hurry did not come about"


@given(st.uuids())
def test_a_cluster_id_is_never_taken_for_an_option(random: UUID) -> None:
    """StorageTool refuses a value that begins with "-"; whatever was drawn, the id is 22 characters that do not."""
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{21}", cluster_id(random))


async def test_postgres_keeps_what_it_committed(own_postgres: Postgres) -> None:
    """Killed with -9 after a commit, and while another session is busy, PostgreSQL comes back with the commit."""
    dsn = await own_postgres.create_database()
    writer, busy = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    await writer.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    query = asyncio.create_task(busy.fetchval("SELECT count(*) FROM generate_series(1, 1000000000)"))
    running = "SELECT true FROM pg_stat_activity WHERE query LIKE '%1000000000)'"
    while not await writer.fetchval(running):
        await asyncio.sleep(0.01)
    await own_postgres.kill()
    await own_postgres.restart()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await query
    writer.terminate()
    busy.terminate()
    reader = await asyncpg.connect(dsn)
    assert await reader.fetchval("SELECT count(*) FROM kept") == 1000
    await reader.close()


async def test_each_service_has_a_database_of_its_own() -> None:
    """Asked twice, the databases and passwords are the same; a service cannot connect to another's database."""
    with reachable_folder() as folder:
        server = await start_postgres(folder / "postgres", say=print)
        try:
            databases = await ensure_databases(server, ["ingest", "notify"])
            assert await ensure_databases(server, ["notify", "ingest"]) == databases
            own = await asyncpg.connect(databases["ingest"])
            await own.execute("CREATE TABLE roles (id int)")
            await own.close()
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(databases["ingest"].rsplit("/", 1)[0] + "/loti_notify")
            with pytest.raises(ValueError, match="cannot name"):
                await ensure_databases(server, ["ingest; DROP DATABASE loti_notify"])
            assert (folder / "postgres" / "passwords.json").stat().st_mode & 0o077 == 0
        finally:
            await server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
async def test_a_closed_folder_stays_closed(tmp_path: Path) -> None:
    """Below a folder only root may pass, the cluster goes elsewhere, is found again, and no mode is changed."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = await start_postgres(closed / "postgres", say=print)
    elsewhere = Path((closed / "postgres" / "cluster-is-in").read_text().strip())
    try:
        await ensure_databases(server, ["ingest"])
        await server.stop()
        again = await start_postgres(closed / "postgres", say=print)
        assert again.address == server.address
        connection = await asyncpg.connect((await ensure_databases(again, ["ingest"]))["ingest"])
        await connection.close()
        await again.stop()
        assert closed.stat().st_mode & 0o777 == 0o700
        assert (elsewhere / "cluster").stat().st_mode & 0o777 == 0o700
    finally:
        server.child.kill()
        shutil.rmtree(elsewhere)


ORDINARY = """
import asyncio, pathlib, sys
from deploy.local.kafka import start_kafka
from deploy.local.postgres import ensure_databases, start_postgres

async def main():
    home = pathlib.Path.home()
    for start in (start_kafka, start_postgres):
        server = await start(home / start.__name__, say=print)
        if start is start_postgres:
            await ensure_databases(server, ["ingest"])
        await server.kill()
        await server.start()
        await server.stop()
    print("all well")

asyncio.run(main())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
async def test_an_ordinary_user_can_run_them() -> None:
    """Kafka and PostgreSQL start, survive kill -9 and stop for a user who may write nothing but a home folder."""
    candidates = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")
    python = next((each for each in candidates if runs_as_nobody(each)), None)
    if python is None:
        pytest.skip("no Python of this version can be run by nobody")
    with reachable_folder() as folder:
        home = folder / "home"
        fetched = cache_folder() / f"kafka-{VERSION}"
        await asyncio.to_thread(fetch_jars, fetched, COORDINATES, repository=None, say=print)
        jars = home / ".cache" / "talent-exchange" / fetched.name
        shutil.copytree(fetched, jars, ignore=shutil.ignore_patterns("*.jsa"))
        nobody = pwd.getpwnam("nobody")
        for path in (home, *home.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        script = home / "ordinary.py"
        script.write_text(ORDINARY)
        path = os.pathsep.join([str(REPOSITORY), sysconfig.get_path("purelib")])
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": path}
        child = await spawn(
            "ordinary", [python, script], env=environment, log=folder / "log", user="nobody", cwd=home
        )
        assert await child.wait(150) == 0, child.last_lines(50)
        assert "all well" in child.last_lines()


def runs_as_nobody(python: str) -> bool:
    """Whether `nobody` can run this Python and reach the packages installed for this one."""
    command = [python, "-c", f"import os; os.listdir({sysconfig.get_path('purelib')!r})"]
    try:
        return (
            subprocess.run(command, user="nobody", capture_output=True, check=False, cwd="/").returncode == 0
        )
    except OSError:
        return False


PARENT = """
import asyncio, os, pathlib, signal, sys
import asyncpg
from deploy.local.children import spawn
from deploy.local.postgres import start_postgres

async def main():
    folder = pathlib.Path(sys.argv[1])
    plain = await spawn("plain", ["sleep", "1000"], log=folder / "plain.log")
    server = await start_postgres(folder / "postgres", say=lambda text: None)
    connection = await asyncpg.connect(server.dsn)
    session = await connection.fetchval("SELECT pg_backend_pid()")
    busy = asyncio.create_task(connection.fetchval("SELECT count(*) FROM generate_series(1, 1000000000000)"))
    await asyncio.sleep(0)
    (folder / "pids").write_text(f"{plain.pid} {server.child.pid} {session}")
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has died")
def test_a_killed_parent_leaves_nothing_behind() -> None:
    """Kill -9 of the parent ends its children, even PostgreSQL's session that is busy with a query."""
    with reachable_folder() as folder:
        ended = subprocess.run(
            [sys.executable, "-c", PARENT, folder], check=False, cwd=REPOSITORY, timeout=60
        )
        assert ended.returncode == -signal.SIGKILL
        pids = (folder / "pids").read_text().split()
        deadline = time.monotonic() + 20
        while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
            assert time.monotonic() < deadline, f"left behind: {left}"
            time.sleep(0.02)


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    """The error of a failed start names the server, shows the end of its log and says what to do."""

    async def never() -> bool:
        return False

    child = await spawn("The oracle", ["sh", "-c", "echo out of incense; exit 3"], log=tmp_path / "log")
    with pytest.raises(StartFailed, match=r"(?s)The oracle ended with status 3. Buy more.*out of incense"):
        await until_ready(child, never, seconds=10, advice="Buy more.")


async def test_without_jars_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an empty cache and a repository that does not answer, JarsUnavailable; and no half-filled cache."""
    monkeypatch.setenv("HOME", str(tmp_path))
    nowhere = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(JarsUnavailable, match="could not be fetched"):
        await start_kafka(tmp_path / "kafka", say=print, cache=tmp_path / "cache", repository=nowhere)
    assert list((tmp_path / "cache").iterdir()) == []


async def test_the_light_broker_serves(tmp_path: Path) -> None:
    """It warns what it is not, then carries messages from a producer to a consumer."""
    said: list[str] = []
    server = await start_light_broker(tmp_path, say=said.append)
    try:
        assert "WARNING" in said[0]
        topic = await Kafka(server, server.address).create_topic()
        await produce(server.address, topic, 100)
        assert await read_back(server.address, topic, 100) == list(range(100))
    finally:
        await server.stop()


class Catcher:
    """A mail catcher on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.smtp, self.http = folder, free_port(), free_port()
        self.child: Child | None = None

    async def start(self) -> None:
        ports = ["--smtp-port", str(self.smtp), "--http-port", str(self.http)]
        command = [sys.executable, "-m", "deploy.local.mailcatcher", *ports, "--data", self.folder / "mails"]
        self.child = await spawn("The mail catcher", command, log=self.folder / "log", cwd=REPOSITORY)
        await until_ready(self.child, self.is_healthy, seconds=30, advice="")

    async def is_healthy(self) -> bool:
        try:
            return json.loads(await self.get("/health"))["status"] == "ok"
        except OSError:
            return False

    async def get(self, path: str, method: str = "GET") -> str:
        def fetch() -> str:
            request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", method=method)
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  our own
                return answer.read().decode()

        return await asyncio.to_thread(fetch)

    async def mails(self) -> list[dict]:
        return json.loads(await self.get("/mails.json"))

    async def send(self, message_id: str, subject: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = "exchange@loti.example", "sam@camden.example"
        mail["Subject"], mail["Message-ID"] = subject, message_id
        mail.set_content("Pay: £50,000")
        mail.add_alternative("<p>Pay: £50,000</p><script>alert(1)</script>", subtype="html")

        def deliver() -> None:
            with smtplib.SMTP("127.0.0.1", self.smtp, timeout=10) as connection:
                connection.send_message(mail)

        await asyncio.to_thread(deliver)


@pytest.fixture
async def catcher(tmp_path: Path) -> AsyncIterator[Catcher]:
    """A running mail catcher."""
    catcher = Catcher(tmp_path)
    await catcher.start()
    yield catcher
    assert catcher.child is not None
    assert await catcher.child.stop() == 0


async def test_a_mail_taken_is_a_mail_kept(catcher: Catcher) -> None:
    """Once the sender was told 250, kill -9 of the catcher loses nothing of the mail."""
    await catcher.send("<one@loti.example>", "Three new jobs – £50,000 and more")
    assert catcher.child is not None
    catcher.child.kill()
    await catcher.start()
    (mail,) = await catcher.mails()
    assert mail["message_id"] == "<one@loti.example>"
    assert mail["subject"] == "Three new jobs – £50,000 and more"
    assert mail["to"] == ["sam@camden.example"]
    assert mail["deliveries"] == 1
    assert mail["text"].strip() == "Pay: £50,000"
    assert "<p>Pay: £50,000</p>" in mail["html"]
    assert mail["headers"]["From"] == "exchange@loti.example"


async def test_a_mail_sent_twice_shows(catcher: Catcher) -> None:
    """Two acceptances of one Message-ID are one mail with two deliveries, over a restart and on the page too."""
    for message_id in ("<one@loti.example>", "<two@loti.example>", "<one@loti.example>"):
        await catcher.send(message_id, f"Mail {message_id[1:4]}")
    assert {mail["subject"]: mail["deliveries"] for mail in await catcher.mails()} == {
        "Mail one": 2,
        "Mail two": 1,
    }
    assert catcher.child is not None
    catcher.child.kill()
    await catcher.start()
    assert {mail["subject"]: mail["deliveries"] for mail in await catcher.mails()} == {
        "Mail one": 2,
        "Mail two": 1,
    }
    assert (await catcher.get("/")).count("delivered twice") == 1


async def test_a_mails_script_cannot_run(catcher: Catcher) -> None:
    """A mail's HTML is served sandboxed, with no script, frame or remote content allowed, and only to this host."""
    await catcher.send("<one@loti.example>", "Mail one")
    (mail,) = await catcher.mails()
    url = f"http://127.0.0.1:{catcher.http}/mails/{mail['id']}/html"
    answer = await asyncio.to_thread(urllib.request.urlopen, url, timeout=10)
    with answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "sandbox=" in await catcher.get(f"/mails/{mail['id']}")


async def test_clearing_forgets_for_good(catcher: Catcher) -> None:
    """After DELETE /mails nothing is shown or kept."""
    await catcher.send("<one@loti.example>", "Mail one")
    await catcher.get("/mails", "DELETE")
    assert await catcher.mails() == []
    assert list((catcher.folder / "mails").glob("*.eml")) == []
