"""What the doctor says of what it saw: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.doctor import checking_settings, findings, judging_database, judging_domain
from deploy.doctor.checking_broker import There, of_topics
from deploy.doctor.findings import Finding, Level
from deploy.doctor.installed import by_environment
from loti_contracts.delivery.migrations import Migration
from loti_contracts.events import TOPICS

KEY = "k" * 32
NOW = datetime(2026, 11, 22, tzinfo=UTC)
LEVELS: list[Level] = ["good", "unknown", "warning", "wrong"]


def worst(found: list[Finding]) -> Level:
    return findings.in_order(found)[0].level


def as_the_contract_says(*, copies: int = 1, least: int = 1) -> dict[str, There]:
    return {
        topic.name: There(
            [copies] * topic.partitions,
            [copies] * topic.partitions,
            topic.settings() | {"min.insync.replicas": str(least)},
        )
        for topic in TOPICS
    }


@given(st.lists(st.sampled_from(LEVELS), max_size=8))
def test_the_worst_comes_first_and_decides(levels: list[Level]) -> None:
    """The exit status is 1 where something is wrong; what is good is shown when asked for alone; each mend is shown."""
    found = [Finding(level, "notify", "relay", f"thing {n}", f"mend {n}") for n, level in enumerate(levels)]
    assert findings.status(found) == int("wrong" in levels)
    shown = "\n".join(findings.lines(found, all_=False))
    for n, level in enumerate(levels):
        assert (f"thing {n}" in shown) == (level != "good")
    marks = [line.split()[0].lower() for line in findings.lines(found, all_=True)[:-1] if "→" not in line]
    assert marks == sorted(marks, key=["wrong", "warning", "unknown", "good"].index)


def test_whoever_says_wrong_says_what_to_do() -> None:
    """There is no finding that leaves an operator alone."""
    with pytest.raises(ValueError, match="how to mend"):
        Finding("wrong", "notify", "relay", "does not answer")


def test_topics_as_the_contract_says_are_good() -> None:
    """On one node, and on three with three copies."""
    assert worst(list(of_topics(as_the_contract_says(), nodes=1, replication=1))) == "good"
    assert worst(list(of_topics(as_the_contract_says(copies=3, least=2), nodes=3, replication=3))) == "good"


@pytest.mark.parametrize(
    ("there", "nodes", "word"),
    [
        ({}, 1, "are not there"),
        (as_the_contract_says(copies=3, least=1), 3, "counts as kept with 1 copy"),
        (as_the_contract_says(copies=3, least=3), 3, "nothing can be said while one node is down"),
        (as_the_contract_says(copies=1), 3, "is kept 1 times on a cluster of 3"),
        (as_the_contract_says() | {"loti.roles.v1": There([1], [1], {})}, 1, "has 1 partitions, the contract says 6"),
        (as_the_contract_says() | {"loti.sources.v1": There([1], [0], {})}, 1, "not up to date"),
        (as_the_contract_says() | {"loti.contacts.v1": There([1] * 6, [1] * 6, {"cleanup.policy": "delete"})}, 1, "cleanup.policy is delete"),
    ],
)  # fmt: skip
def test_topics_that_differ_are_told(there: dict[str, There], nodes: int, word: str) -> None:
    """With the topic, what it is and what it should be."""
    found = [one for one in of_topics(there, nodes=nodes, replication=3) if word in one.what]
    assert found
    assert all(one.mend for one in found)


def test_a_slip_in_the_name_of_a_setting_is_found() -> None:
    """No service reads it, so nothing else would tell; its value is not shown."""
    _, found = by_environment("salaries", {"LOTI_DATABSE": "postgresql://u:secret-word@h/d"})
    assert [(one.level, one.mend) for one in found if "LOTI_DATABSE" in one.what] == [
        ("warning", "was LOTI_DATABASE meant?")
    ]
    assert "secret-word" not in str(found)


def test_a_setting_that_cannot_be_is_told_without_its_value() -> None:
    """Which, and why; the service would not start."""
    one, found = by_environment("notify", {"LOTI_SMTP_PORT": "s3cret", "LOTI_LINK_KEYS": KEY})
    assert one is None
    assert any("LOTI_SMTP_PORT" in finding.what and finding.level == "wrong" for finding in found)
    assert "s3cret" not in str(found)


@pytest.mark.parametrize(
    ("service", "told", "word"),
    [
        ("notify", {}, "LOTI_LINK_KEYS is empty"),
        ("portal", {"LOTI_SESSION_KEYS": f"{KEY},short"}, "key 2 of 2 is shorter"),
        ("notify", {"LOTI_LINK_KEYS": KEY, "LOTI_PUBLIC_URL": "http://talent.london"}, "travel unencrypted"),
        ("notify", {"LOTI_LINK_KEYS": KEY, "LOTI_SMTP_HOST": "relay.london"}, "without encryption"),
        ("salaries", {"LOTI_KAFKA": "kafka.london:9092"}, "not encrypted"),
        ("salaries", {"LOTI_KAFKA": "kafka.london:9093", "LOTI_KAFKA_SECURITY": "ssl"}, "lets anybody in"),
        ("ingest", {"LOTI_ALLOW_PRIVATE": "true"}, "LOTI_ALLOW_PRIVATE is set"),
    ],
)
def test_what_is_not_safe_is_told(service: str, told: dict[str, str], word: str) -> None:
    """Keys, encryption, and what is for trying out."""
    one, _ = by_environment(service, told)
    assert one is not None
    assert any(word in finding.what for finding in checking_settings.check(one))
    assert KEY not in str(list(checking_settings.check(one)))


@given(seconds=st.floats(-3_600, 3_600))
def test_clocks_that_differ_are_told(seconds: float) -> None:
    """By more than two seconds, either way."""
    [found] = judging_database.clock("notify", NOW + timedelta(seconds=seconds), between=(NOW, NOW))
    assert (found.level == "wrong") == (abs(timedelta(seconds=seconds).total_seconds()) > 2)


FILES = [Migration(1, "0001_first.sql", "a"), Migration(2, "0002_second.sql", "b")]


@pytest.mark.parametrize(
    ("applied", "level", "word"),
    [
        ({1: FILES[0].digest, 2: FILES[1].digest}, "good", "2 applied"),
        ({1: FILES[0].digest}, "warning", "0002_second.sql not applied"),
        ({1: "other", 2: FILES[1].digest}, "wrong", "0001_first.sql was edited"),
        ({1: FILES[0].digest, 2: FILES[1].digest, 3: "x"}, "warning", "newer than this code"),
        ({0: "x", 1: FILES[0].digest, 2: FILES[1].digest}, "wrong", "0.sql was applied and is not there"),
    ],
)
def test_migrations_are_compared_with_the_files(applied: dict[int, str], level: Level, word: str) -> None:
    """Pending, edited, newer, or as they should be."""
    known = {("salaries", number): (f"{number}.sql", digest) for number, digest in applied.items()}
    known[("delivery", 9)] = ("9.sql", "z")
    found = list(judging_database.migrations("salaries", "salaries", FILES, known))
    assert worst(found) == level
    assert any(word in one.what for one in found)


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (judging_domain.spf("a.uk", ["v=spf1 include:x -all"]), "good"),
        (judging_domain.spf("a.uk", ["other"]), "warning"),
        (judging_domain.spf("a.uk", ["v=spf1 -all", "v=spf1 ~all"]), "wrong"),
        (judging_domain.spf("a.uk", ["v=spf1 +all"]), "wrong"),
        (judging_domain.spf("a.uk", None), "unknown"),
        (judging_domain.dmarc("a.uk", ["v=DMARC1; p=reject"]), "good"),
        (judging_domain.dmarc("a.uk", []), "warning"),
        (judging_domain.dkim("s", "a.uk", ["v=DKIM1; k=rsa; p=QUJD"], "QUJD"), "good"),
        (judging_domain.dkim("s", "a.uk", ["v=DKIM1; p=WFla"], "QUJD"), "wrong"),
        (judging_domain.dkim("s", "a.uk", [], "QUJD"), "wrong"),
        (judging_domain.dkim("s", "a.uk", [], None), "wrong"),
        (judging_domain.dkim("s", "a.uk", None, "QUJD"), "unknown"),
    ],
)
def test_records_of_the_senders_domain(found: list[Finding], level: Level) -> None:
    """SPF, DMARC and DKIM: there, missing, doubled, of another key, or not to be had."""
    assert worst(list(found)) == level


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"waiting": 0, "oldest": 0.0, "letters": 0, "stopped": None}, "good"),
        ({"waiting": 9, "oldest": 61.0, "letters": 0, "stopped": None}, "wrong"),
        ({"waiting": 0, "oldest": 0.0, "letters": 3, "stopped": None}, "warning"),
        ({"waiting": 0, "oldest": 0.0, "letters": 0, "stopped": "20 in a row"}, "wrong"),
    ],
)
def test_what_waits_and_what_was_set_aside(told: dict[str, object], level: Level) -> None:
    """An old outbox and an open breaker are wrong; dead letters want a look."""
    assert worst(list(judging_database.delivered("notify", **told))) == level  # type: ignore[arg-type]
