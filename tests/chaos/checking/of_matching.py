"""Matching: each request has its match or its reason, nothing is proposed twice, nobody carries more than they can. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from loti_contracts.events import (
    AnswerStated,
    Erasure,
    HardRole,
    Match,
    MatchProposed,
    NovelRole,
    OutcomeStated,
    Request,
    SharedDemand,
    State,
    Supporter,
    SupporterStated,
)
from loti_contracts.events.topics import (
    ANSWERS,
    DEMAND,
    HARD_ROLES,
    MATCHES,
    NOVEL_ROLES,
    REQUESTS,
    SUPPORTERS,
    Topic,
)
from services.matching.cases import match_id
from tests.chaos.checking.findings import Finding
from tests.chaos.checking.world import World, plain
from tests.chaos.ledger import Ledger

_DECIDED: tuple[tuple[Topic, type[State], str, str], ...] = (
    (MATCHES, Match, "matches", "id"),
    (DEMAND, SharedDemand, "shared_demand", "standard_role"),
    (NOVEL_ROLES, NovelRole, "novel_roles", "role_id"),
    (HARD_ROLES, HardRole, "hard_roles", "role_id"),
)


def check_matching(world: World, ledger: Ledger) -> Iterator[Finding]:
    """What people said is kept as they said it last; what was decided is kept as it was said; the rules hold."""
    for topic, kind, table in ((REQUESTS, Request, "requests"), (SUPPORTERS, Supporter, "supporters")):
        kept = {str(row["id"]): int(row["revision"]) for row in world.rows("matching", table)}
        for id_, state in world.states(topic, kind).items():
            if kept.get(id_) != state.revision:
                yield Finding(
                    "lost",
                    f"matching's {table}",
                    id_,
                    f"revision {state.revision} was heard, not {kept.get(id_)}",
                )
    for topic, kind_, table, key in _DECIDED:
        yield from _decided(world, topic, kind_, table, key)
    matches = world.states(MATCHES, Match)
    yield from _each_request(world.states(REQUESTS, Request), matches)
    yield from _proposed_once(world)
    yield from _capacity(world, matches)
    yield from _answered(world, ledger, matches)


def _decided(world: World, topic: Topic, kind: type[State], table: str, key: str) -> Iterator[Finding]:
    said = {one.id: plain(one) for one in world.states(topic, kind).values()}
    rows = [row["state"] for row in world.rows("matching", table) if row["state"] is not None]
    kept = {str(state["id"]): state for state in rows}
    for id_ in kept.keys() - said.keys():
        yield Finding("lost", topic.name, id_, f"matching keeps it in {table}, so it was said")
    for id_, state in said.items():
        if id_ not in kept or plain(kind.model_validate(kept[id_])) != state:
            yield Finding(
                "wrong",
                f"matching's {table}",
                id_,
                f"it is revision {state['revision']}, as it was said ({key})",
            )


def _each_request(requests: dict[str, Request], matches: dict[str, Match]) -> Iterator[Finding]:
    for id_, request in requests.items():
        match = matches.get(match_id(id_))
        if match is None:
            if request.status == "open":
                yield Finding(
                    "lost", MATCHES.name, id_, "an open request has a match, or a reason why there is none"
                )
            continue
        if request.status == "withdrawn" and match.stage not in ("withdrawn", "lapsed"):
            yield Finding("stuck", MATCHES.name, id_, f"its match is withdrawn with it, not {match.stage}")
        if request.status == "open" and match.stage == "withdrawn":
            yield Finding("wrong", MATCHES.name, id_, "an open request is looked after")
        if match.stage == "open" and not (match.left_out_counts or match.left_out or not match.shortlist):
            yield Finding("wrong", MATCHES.name, id_, "where nobody is proposed it says why")
    for match in matches.values():
        if match.request_id not in requests:
            yield Finding("wrong", MATCHES.name, match.id, f"nobody stated its request {match.request_id}")


def _proposed_once(world: World) -> Iterator[Finding]:
    """No shortlist is said twice in a row to one who asked the same; but to one who chose of it somebody who cannot any
    more, the one that was said meanwhile is said again as the answer."""
    last: dict[str, object] = {}
    answers = {one.said.id: one.said.subject for one in world.said_on(ANSWERS)}
    for one in world.said_on(MATCHES):
        event = one.said.event
        if isinstance(event, MatchProposed):
            match = event.match
            said = match.model_dump(
                exclude={"revision", "proposed_at", "first_proposed_at", "benchmark", "similar_roles"}
            )
            if last.get(match.id) == said and answers.get(one.said.causation_id or "") != match.id:
                yield Finding(
                    "doubled", MATCHES.name, f"{match.id}, revision {match.revision}", "a proposal is news"
                )
            last[match.id] = said
        else:
            last.pop(one.said.subject, None)


def _capacity(world: World, matches: dict[str, Match]) -> Iterator[Finding]:
    """Who was accepted and has not come to an end counts; the most that a supporter ever offered is the limit."""
    most: dict[str, int] = defaultdict(int)
    for event in world.events(SUPPORTERS):
        if isinstance(event, SupporterStated):
            most[event.supporter.id] = max(most[event.supporter.id], event.supporter.capacity)
    carried = Counter(
        match.accepted.supporter_id
        for match in matches.values()
        if match.accepted is not None
        and match.status == "accepted"
        and (match.outcome is None or match.outcome.result == "ongoing")
    )
    for id_, number in carried.items():
        if number > most[id_]:
            yield Finding("doubled", MATCHES.name, id_, f"{number} are accepted, {most[id_]} can be")


def _answered(world: World, ledger: Ledger, matches: dict[str, Match]) -> Iterator[Finding]:
    """Each answer and outcome is kept, and the match tells it, or what it told the borough instead."""
    kept = {str(row["match_id"]): int(row["revision"]) for row in world.rows("matching", "answers")}
    caused = {one.said.causation_id for one in world.said_on(MATCHES)}
    ids = {(one.topic, one.said.subject, one.revision): one.said.id for one in world.first}
    parked = {str(row["key"]) for row in world.rows("matching", "dead_letters")}
    for event in ledger.said:
        if isinstance(event, Erasure) or event.subject in parked:
            continue
        if isinstance(event, AnswerStated):
            answer = event.answer
            if kept.get(answer.id, 0) < answer.revision:
                yield Finding("lost", "matching's answers", answer.id, f"answer {answer.revision} was heard")
            id_ = ids.get((event.topic, answer.id, answer.revision))
            match = matches.get(answer.id)
            settled = match is not None and match.accepted is not None
            if answer.answer == "accepted" and id_ not in caused and not settled:
                yield Finding(
                    "lost", MATCHES.name, answer.id, "an acceptance is told, or who could help instead"
                )
        elif isinstance(event, OutcomeStated):
            match = matches.get(event.outcome.id)
            if match is None or match.outcome is None or match.outcome.result != event.outcome.result:
                yield Finding(
                    "lost", MATCHES.name, event.outcome.id, f"its outcome is {event.outcome.result}"
                )
