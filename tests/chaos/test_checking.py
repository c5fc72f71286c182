"""The checker finds whatever is wrong, and nothing where nothing is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from loti_contracts.events.topics import ROLES
from tests.chaos.checking import compare
from tests.chaos.checking.findings import Sort
from tests.chaos.checking.world import Heard, World
from tests.chaos.good_tables import LEFT, READER, REQUEST
from tests.chaos.good_world import HELPER, NOON, SUPPORTER, good
from tests.chaos.ledger import Asked, Ledger, Turn

NOW = NOON + timedelta(hours=1)
Spoil = Callable[[World, Ledger], object]


def test_a_good_world_has_no_findings() -> None:
    """Nothing is made up: not even what a relay said again, or a mail that was in doubt and came twice."""
    world, ledger = good()
    assert compare(world, ledger, now=NOW).as_json()["findings"] == []
    again = replace(world, log=[*world.log, replace(world.log[0], offset=10_000)])
    _row(again, "notify", "mail", 0)["doubts"] = 1
    again.mails[0]["deliveries"] = 2  # type: ignore[index]  # a dict, as it was made
    findings = compare(again, ledger, now=NOW)
    assert findings.clean
    assert findings.counts["said again by a relay"] == 1
    assert [line.partition(":")[2][:18] for line in findings.explained] == [" in doubt 1 times "]


def _row(world: World, service: str, table: str, at: int) -> dict[str, Any]:
    row: dict[str, Any] = world.rows(service, table)[at]  # type: ignore[assignment]  # so it was made
    return row


def _without(service: str, table: str, at: int = 0) -> Spoil:
    def spoil(world: World, _: Ledger) -> None:
        rows: Any = world.rows(service, table)
        del rows[at]

    return spoil


def _with(service: str, table: str, at: int = 0, **said: Any) -> Spoil:
    return lambda world, _: _row(world, service, table, at).update(said)


def _more(service: str, table: str, **row: Any) -> Spoil:
    def spoil(world: World, _: Ledger) -> None:
        tables: Any = world.tables[service]
        tables[table] = [*world.rows(service, table), row]

    return spoil


def _log(change: Callable[[list[Heard]], Any]) -> Spoil:
    def spoil(world: World, _: Ledger) -> World:
        log = list(world.log)
        change(log)
        return replace(world, log=log)

    return spoil


def _role(log: list[Heard], revision: int, id_: str = "role-1") -> int:
    """Where it is in the log."""
    return next(
        at
        for at, one in enumerate(log)
        if (one.topic, one.said.subject, one.revision) == (ROLES.name, id_, revision)
    )


def _swap(log: list[Heard]) -> None:
    one, other = _role(log, 1), _role(log, 2)
    log[one], log[other] = log[other], log[one]


def _twin(log: list[Heard]) -> None:
    """A second event with the revision of another."""
    one = log[_role(log, 2)]
    log.append(replace(one, offset=10_000, said=replace(one.said, id="another")))


def _moved(log: list[Heard]) -> None:
    at = _role(log, 2)
    log[at] = replace(log[at], partition=log[at].partition + 1)


def _second_role(log: list[Heard]) -> None:
    """One advert, two roles."""
    one = log[_role(log, 1)]
    role = one.said.event.role.model_copy(update={"id": "role-9"})
    log.append(
        replace(
            one, offset=10_000, said=replace(one.said, id="another", event=type(one.said.event)(role=role))
        )
    )


def _ledger(change: Callable[[Ledger], Any]) -> Spoil:
    def spoil(_: World, ledger: Ledger) -> None:
        change(ledger)

    return spoil


def _mails(change: Callable[[Any], Any]) -> Spoil:
    return lambda world, _: change(world.mails)


_PUT_UP_LATER = Turn(NOON, "put up again", "£55000")

SPOILT: dict[str, tuple[Spoil, Sort, str]] = {
    "a revision is missing on its topic": (_log(lambda log: log.pop(_role(log, 1))), "lost", ROLES.name),
    "a revision comes before an earlier one": (_log(_swap), "out of order", ROLES.name),
    "one revision, two events": (_log(_twin), "doubled", ROLES.name),
    "a thing on two partitions": (_log(_moved), "out of order", ROLES.name),
    "one advert, two roles": (_log(_second_role), "doubled", ROLES.name),
    "an advert that was never found": (_ledger(lambda it: it.postings.update({"flow-000007": replace(it.postings["flow-000001"], id="flow-000007")})), "lost", ROLES.name),
    "a pay that was never heard": (_ledger(lambda it: it.postings["flow-000001"].turns.append(Turn(NOON, "changed", "£70000"))), "lost", ROLES.name),
    "a role that is shown again and stays closed": (_ledger(lambda it: it.postings["flow-000002"].turns.append(_PUT_UP_LATER)), "lost", ROLES.name),
    "a role that is taken down and stays open": (_ledger(lambda it: it.postings["flow-000001"].turns.append(Turn(NOON, "taken down", "£60000"))), "stuck", ROLES.name),
    "a job that is not digital became a role": (_ledger(lambda it: setattr(it.postings["flow-000001"], "digital", False)), "wrong", ROLES.name),
    "a statement that never came": (_ledger(lambda it: it.said.append(it.said[4].model_copy(update={"request": it.said[4].state.model_copy(update={"id": "request-9"})}))), "lost", "loti.requests.v1"),
    "a form that was taken and said nothing": (_ledger(lambda it: it.forms.append(Asked(NOON, READER, "request-8", "by form"))), "lost", "loti.requests.v1"),
    "an event without its effect": (_without("salaries", "inbox"), "lost", "salaries's inbox"),
    "ingest forgot a role": (_without("ingest", "roles"), "lost", "ingest's roles"),
    "ingest kept another role": (_with("ingest", "roles", at=1, id="role-8"), "lost", ROLES.name),
    "an observation is missing": (_without("salaries", "observations"), "lost", "salaries' observations"),
    "an observation says another pay": (_with("salaries", "observations", top=1), "wrong", "salaries' observations"),
    "an earlier observation is missing": (_without("salaries", "superseded_observations"), "lost", "salaries' observations"),
    "a benchmark is not as it was said": (_with("salaries", "benchmarks", id="other"), "wrong", "salaries' benchmarks"),
    "a benchmark counts an advert twice": (_log(lambda log: _count_more(log)), "wrong", "loti.benchmarks.v1"),
    "a request without a match": (_log(lambda log: _none_on(log, "loti.matches.v1")), "lost", "loti.matches.v1"),
    "a match that was not said": (_more("matching", "matches", state={"id": "m", "revision": 1}), "lost", "loti.matches.v1"),
    "a proposal said twice": (_log(lambda log: _propose_again(log)), "doubled", "loti.matches.v1"),
    "a supporter who carries too much": (_log(lambda log: _accept_more(log)), "doubled", "loti.matches.v1"),
    "an answer that was not heard": (_without("matching", "answers"), "lost", "matching's answers"),
    "matching has an old request": (_with("matching", "requests", revision=0), "lost", "matching's requests"),
    "the portal lost a thing": (_without("portal", "role"), "lost", "portal's role"),
    "the portal has an old thing": (lambda world, _: _row(world, "portal", "role", 0)["state"].update(title="Old"), "lost", "portal's role"),
    "the portal lost what was": (_without("portal", "role_history"), "lost", "portal's role_history"),
    "the portal keeps who was erased": (lambda world, _: _erased_on_portal(world), "wrong", "portal's contact"),
    "the library lost an advert": (_without("library", "adverts"), "lost", "library's adverts"),
    "the library shows a closed advert": (_with("library", "adverts", at=1, open=True), "wrong", "library's adverts"),
    "an event is not in the log": (_without("webhooks", "events"), "lost", "webhooks' events"),
    "the log of events is out of order": (_with("webhooks", "events", at=2, position=-1), "out of order", "webhooks' events"),
    "an event that was not pushed": (_ledger(lambda it: it.pushed.popitem()), "lost", "the flow's endpoint"),
    "an event that nobody was to push": (_without("webhooks", "deliveries", at=3), "lost", "webhooks' deliveries"),
    "a push that waits for ever": (_with("webhooks", "deliveries", state="waiting"), "stuck", "the endpoint flow"),
    "a push that was overtaken": (_ledger(lambda it: it.overtaken.append("x")), "out of order", "the flow's endpoint"),
    "a contact that was not heard of": (_without("notify", "contact"), "lost", "notify's contacts"),
    "who was erased is still known": (_with("notify", "contact", at=2, email=f"{LEFT}@example.org"), "stuck", "notify's contacts"),
    "a choice that was not said": (_with("notify", "choice", revision=2), "lost", "loti.subscriptions.v1"),
    "somebody who asked is not told": (_without("notify", "notification"), "lost", "notify's notifications"),
    "somebody is told twice": (lambda world, _: _tell_again(world), "doubled", "notify's notifications"),
    "a thing that notify has not heard": (_without("notify", "thing"), "lost", "notify's things"),
    "a thing that nobody judged": (_with("notify", "thing", judged=False), "stuck", "notify's things"),
    "a mail that never came": (_mails(lambda mails: mails.pop()), "lost", "the mailbox"),
    "a mail that came twice": (_mails(lambda mails: mails[0].update(deliveries=2)), "doubled", "the mailbox"),
    "a mail from nowhere": (_mails(lambda mails: mails.append({"message_id": "<x@y>", "to": ["a@b"], "deliveries": 1})), "wrong", "the mailbox"),
    "a mail that is still in hand": (_with("notify", "mail", status="sending"), "stuck", "notify's mails"),
    "an event that nobody publishes": (_more("notify", "outbox", topic=ROLES.name), "stuck", "notify's outbox"),
    "a dead letter": (_more("library", "dead_letters", topic=ROLES.name, key="x", reason="why", replayed_at=None), "stuck", "library's dead letters"),
    "an open breaker": (_more("portal", "breaker", reason="too many"), "stuck", "portal's consumer"),
}  # fmt: skip


def _count_more(log: list[Heard]) -> None:
    at = next(at for at, one in enumerate(log) if one.topic == "loti.benchmarks.v1")
    event = log[at].said.event
    more = event.benchmark.model_copy(update={"adverts": event.benchmark.adverts + 1})
    log[at] = replace(log[at], said=replace(log[at].said, event=event.model_copy(update={"benchmark": more})))


def _none_on(log: list[Heard], topic: str) -> None:
    log[:] = [one for one in log if one.topic != topic]


def _match(log: list[Heard], like: int, id_: str, **said: Any) -> Heard:
    one = next(one for one in log if one.topic == "loti.matches.v1" and one.revision == like)
    match = one.said.event.match.model_copy(update={"id": id_, **said})
    return replace(
        one, offset=10_000, said=replace(one.said, id="another", event=type(one.said.event)(match=match))
    )


def _propose_again(log: list[Heard]) -> None:
    at, one = next((at, one) for at, one in enumerate(log) if one.topic == "loti.matches.v1")
    log.insert(at + 1, _match(log, 1, one.said.subject, revision=2))


def _accept_more(log: list[Heard]) -> None:
    log.append(_match(log, 2, "match-9", revision=1, request_id=REQUEST))


def _erased_on_portal(world: World) -> None:
    rows: Any = world.rows("portal", "contact")
    rows.append(rows[0] | {"id": LEFT})


def _tell_again(world: World) -> None:
    rows: Any = world.rows("notify", "notification")
    rows.append(dict(rows[0]))


@pytest.mark.parametrize("what", SPOILT)
def test_each_thing_that_is_wrong_is_found(what: str) -> None:
    """A good world with one thing spoilt: it is found, under its sort, where it is."""
    world, ledger = good()
    spoil, sort, where = SPOILT[what]
    other = spoil(world, ledger)
    spoilt = other if isinstance(other, World) else World(world.log, world.tables, world.mails)
    found = compare(spoilt, ledger, now=NOW).found
    assert (sort, where) in {(one.sort, one.where) for one in found}, [str(one) for one in found]


def test_a_sample_advert_that_is_no_role_is_found() -> None:
    """What stands on the sample boards all the time must be there, too."""
    world, ledger = good()
    tables: Any = world.tables["ingest"]
    tables["sources"] = [{"id": "hackney"}]
    lost = [one for one in compare(world, ledger, now=NOW).found if "stands there" in one.expected]
    assert {one.where for one in lost} == {ROLES.name}
    assert len(lost) > 20


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    """So that a check can be made again from the folder of a run."""
    _, ledger = good()
    ledger.forms.append(Asked(NOON, READER, REQUEST, f"{SUPPORTER} {HELPER}"))
    ledger.write(tmp_path / "ledger.json")
    assert Ledger.read(tmp_path / "ledger.json") == ledger
