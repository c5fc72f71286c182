"""What is said of a novel role, and when it is taken back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from loti_contracts.events import Near, NovelRole, Role, RoleNoLongerNovel, RoleNovel
from services.matching.demand.near import nearest_standard_roles
from services.matching.demand.novelty import Judgement
from services.matching.demand.titles import named


@dataclass(frozen=True, slots=True)
class Looked:
    """A role's state after it was judged (None while it was never novel), and what is to be said of it."""

    state: NovelRole | None
    event: RoleNovel | RoleNoLongerNovel | None


def look(role: Role, found: Judgement, nearest: Sequence[Near], before: NovelRole | None) -> Looked:
    """What is said of a role after it was judged. `nearest`: the nearest titles found before it."""
    if not found.novel and (before is None or before.status == "withdrawn"):
        return Looked(before, None)
    after = NovelRole(
        id=role.id,
        revision=before.revision + 1 if before else 1,
        status="novel" if found.novel else "withdrawn",
        title=role.title,
        boroughs=role.authorities,
        links=role.links,
        kind=" ".join(named(role.title).kind),
        new_words=found.new_words,
        nearest_titles=tuple(nearest) if found.novel else (),
        nearest_standard_roles=nearest_standard_roles(role.title) if found.novel else (),
        why=found.why,
        found_at=role.found_at,
    )
    changed = _differing(before, after)
    if before is not None and not changed:
        return Looked(before, None)
    said = RoleNovel if found.novel else RoleNoLongerNovel
    return Looked(after, said(novel=after, changed=changed))


def _differing(before: NovelRole | None, after: NovelRole) -> tuple[str, ...]:
    """The fields that differ, apart from those that differ with every revision; none for a first revision."""
    if before is None:
        return ()
    return tuple(
        name
        for name in NovelRole.model_fields
        if name != "revision" and getattr(before, name) != getattr(after, name)
    )
