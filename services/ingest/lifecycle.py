"""The life of a role: discovered or readvertised, changed, closed; decided from what is known and what is seen.

A role is closed when its closing date has passed, whatever the board says; or when it is missing from two complete
readings in a row that are believed (see guard), unless its own page still shows it. A page that says the advert is
gone stands for belief in the reading, unless another page shows an advert that the reading lacks: then the reading is
wrong, and a page may be gone only because its address was good for a time. A role that left the board is `withdrawn`
where its own page says so, else it is `gone`. Every decision has its reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from services.ingest.assess import MISSES_BEFORE_CLOSED, Assessment, over
from services.ingest.decisions import Day, Decision, differing
from services.ingest.guard import Verdict, Witness
from services.ingest.identity import NOT_KNOWN, Known, earlier_of, same_round

MISSES_BEFORE_CLOSED_UNSEEN = 12
"""When the advert's own page still shows it, or cannot be had."""


def decide(
    known: Mapping[str, Known],
    found: Assessment,
    *,
    pages: Mapping[str, Witness] | None = None,
    closed_elsewhere: Collection[Role] = (),
    day: Day,
) -> list[Decision]:
    """What a snapshot means for every role that is known or seen.

    `pages`: what the looked-at roles' own pages say. `closed_elsewhere`: roles that other boards no longer show,
    for what is readvertised by the same employer.
    """
    seen = found.seen
    fresh = [role for id_, role in seen.roles.items() if id_ not in known]
    closed = [was.role for was in known.values() if was.role.status == "closed"] if fresh else []
    taken = {was.role.readvertises for was in known.values() if was.role.readvertises} if fresh else set()
    decisions: list[Decision] = []
    back: set[str] = set()
    for id_, role in seen.roles.items():
        was, wording = known.get(id_), seen.wordings.get(id_)
        if was is not None:
            decision = _present(was, role, wording, day, under=found.resolved.under.get(id_))
        else:
            earlier = earlier_of(role, (*closed, *closed_elsewhere), now=day.now, taken=taken)
            if earlier is not None and earlier.id in known and same_round(earlier, role):
                again = role.model_copy(update={"id": earlier.id})
                decision = _present(known[earlier.id], again, wording, day, under=id_)
                back.add(earlier.id)
            else:
                decision = _new(role, earlier, wording, day)
            taken |= {earlier.id} if earlier is not None and decision.event is not None else set()
        decisions.append(decision)
    for id_, own in found.resolved.waiting.items():
        why = f"it may be {own} under another key, which a complete reading will tell"
        decisions.append(Decision(id_, None, 0, why, "ignored"))
    pages = pages or {}
    wrong = "shown" in pages.values()
    for id_, was in known.items():
        if id_ not in seen.roles:
            page = "unreached" if wrong and pages.get(id_) == "gone" else pages.get(id_)
            decisions.append(_absent(was, id_ in seen.others, found.verdict, page, day))
    return [_with_former(known.get(one.role_id), one) for one in decisions]


def expire(
    known: Mapping[str, Known], day: Day, *, why: str = "its closing date has passed"
) -> list[Decision]:
    """What the calendar alone closes, when the board could not be read, has not changed, or is no longer watched."""
    return [
        _closed(was, "expired", day.now, why)
        for was in known.values()
        if was.role.status == "open" and over(was.role, day.today)
    ]


def _with_former(was: Known | None, decision: Decision) -> Decision:
    """With the link before the present one: while keys come and go, either may be the one that answers."""
    if was is None or not was.role.links:
        return decision
    moved = decision.event is not None and decision.event.role.links[:1] != was.role.links[:1]
    former = was.role.links[0] if moved else was.former
    return replace(decision, former=former) if former else decision


def _new(role: Role, earlier: Role | None, wording: str | None, day: Day) -> Decision:
    if over(role, day.today):
        return Decision(role.id, None, 0, "it was over before it was found", "ignored")
    if earlier is None:
        event = RoleDiscovered(role=role)
        return Decision(role.id, event, 0, "it is new on the board", "discovered", wording=wording)
    again = RoleReadvertised(role=role.model_copy(update={"readvertises": earlier.id}))
    why = f"title, employer and text are those of {earlier.id}, closed on {earlier.closed_at:%Y-%m-%d}"
    return Decision(role.id, again, 0, why, "readvertised", wording=wording)


def _present(was: Known, role: Role, wording: str | None, day: Day, *, under: str | None) -> Decision:
    role = _as_first_read(was, role, wording)
    if was.role.status == "open" and over(role, day.today):
        return _closed(was, "expired", day.now, "its closing date has passed", seen=role, wording=wording)
    if was.role.status == "closed" and over(role, day.today):
        return Decision(role.id, None, 0, "it is closed, and still listed", "ignored", under, wording)
    now = role.model_copy(
        update={
            "revision": was.role.revision + 1,
            "found_at": was.role.found_at,
            "readvertises": was.role.readvertises,
        }
    )
    changed = differing(was.role, now)
    if changed:
        why = "it is advertised again" if was.role.status == "closed" else f"changed: {', '.join(changed)}"
        why += "; its key on the board is new" if under else ""
        return Decision(role.id, RoleChanged(role=now, changed=changed), 0, why, "changed", under, wording)
    if under or was.missing:
        why = "it is back under another key" if under else "it is back on the list"
        return Decision(role.id, None, 0, why, "kept", under, wording)
    return Decision(role.id, None, 0, "it is as it was", "as it was", under, wording)


def _as_first_read(was: Known, role: Role, wording: str | None) -> Role:
    """A closing date without a year means what it meant when it was first read, so that it cannot pass for next
    year's once it has gone by; but an advert that had left the board and is back is read anew."""
    left = was.role.status == "closed" and was.missing >= MISSES_BEFORE_CLOSED
    if wording is None or left or not (wording == was.wording or _same_but_for_the_year(was, role)):
        return role
    return role.model_copy(update={"closes_on": was.role.closes_on})


def _same_but_for_the_year(was: Known, role: Role) -> bool:
    """Whether a date without a year may mean what it meant, where nobody knows how it was printed before."""
    before, now = was.role.closes_on, role.closes_on
    if was.wording != NOT_KNOWN or before is None or now is None:
        return False
    return (before.month, before.day) == (now.month, now.day)


def _absent(was: Known, off_topic: bool, verdict: Verdict, page: Witness | None, day: Day) -> Decision:
    role = was.role

    def kept(missing: int, why: str) -> Decision:
        return Decision(role.id, None, missing, why, "kept", wording=was.wording)

    if role.status == "closed":
        missing = min(was.missing + verdict.believed, MISSES_BEFORE_CLOSED)
        return Decision(role.id, None, missing, "it is closed, and gone", "ignored", wording=was.wording)
    if over(role, day.today):
        return _closed(was, "expired", day.now, "its closing date has passed")
    if off_topic:
        return _closed(
            was, "withdrawn", day.now, "what is advertised there now is not a digital role", missing=0
        )
    if not verdict.believed and not (verdict.whole and page == "gone"):
        return kept(was.missing, f"it is missing, but not believed to be gone: {verdict.why}")
    missing = was.missing + 1
    if missing < MISSES_BEFORE_CLOSED:
        return kept(missing, "it is missing for the first time")
    if page in ("shown", "unreached") and missing < MISSES_BEFORE_CLOSED_UNSEEN:
        says = "still shows it" if page == "shown" else "could not be had"
        return kept(missing, f"it is missing from the list, but its own page {says}")
    because, says = (
        ("withdrawn", ", and its own page says that it is gone") if page == "gone" else ("gone", "")
    )
    return _closed(was, because, day.now, f"it is missing from {missing} complete readings in a row{says}")


def _closed(
    was: Known,
    because: str,
    now: datetime,
    why: str,
    *,
    seen: Role | None = None,
    wording: str | None = None,
    missing: int = 0,
) -> Decision:
    """Closed as it was last known; or as it is `seen`, where it is still listed."""
    before = was.role
    after = Role.model_validate(
        (seen or before).model_dump()
        | {
            "revision": before.revision + 1,
            "found_at": before.found_at,
            "readvertises": before.readvertises,
            "status": "closed",
            "closed_because": because,
            "closed_at": now,
        }
    )
    event = RoleClosed(role=after, changed=differing(before, after))
    return Decision(before.id, event, missing, why, "closed", wording=wording or was.wording)
