"""The text of an assembled draft, and when a gap gets one. Pure."""

import re
from datetime import datetime

from loti_contracts.events import Content, Draft
from loti_contracts.vocabulary import standard_roles
from services.library.adverts import Advert
from services.library.assembling.assemble import Assembled
from services.library.assembling.headings import TITLES
from services.library.assembling.marks import NOTE, SOURCES, SUMMARY, TITLE, behind
from services.library.gaps import Key

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s)")


def draft_id(key: Key) -> str:
    """The id of the draft that is assembled for a gap."""
    return f"draft-{key.slug}"


def exemplar_id(key: Key) -> str:
    """The id of the exemplar that a draft begins, where there is none yet."""
    return f"exemplar-{key.slug}"


def key_of_draft(draft: Draft) -> Key:
    """The role and level that an assembled draft was made for."""
    said = draft.content
    return Key(said.standard_roles[0], said.levels[0] if said.levels else None)


def content_of(key: Key, assembled: Assembled) -> Content:
    """What the draft says: the lines under their headings, each with how many adverts say it and which."""
    adverts = f"{len(assembled.adverts)} adverts of {assembled.voices} employers"
    body = [NOTE.format(adverts=adverts)]
    for section, title in TITLES.items():
        lines = [one for one in assembled.lines if one.section == section]
        if lines:
            body.append(f"## {title}")
            body.append("\n".join(_line(one.text, one.adverts, of=len(assembled.adverts)) for one in lines))
    body.append(SOURCES)
    body.append("\n".join(f"{number}. {_source(one)}" for number, one in enumerate(assembled.adverts, 1)))
    role = standard_roles().get(key.standard_role)
    return Content(
        title=(TITLE + _name(key))[:300],
        summary=SUMMARY.format(adverts=adverts),
        body="\n\n".join(body) + "\n",
        families=(role.family,) if role else (),
        standard_roles=(key.standard_role,),
        levels=(key.level,) if key.level else (),
        skills=role.skills if role else (),
        made_from=tuple(one.source() for one in assembled.adverts),
    )


def next_draft(
    before: Draft | None, content: Content, *, id_: str, item_id: str, now: datetime
) -> Draft | None:
    """The draft after adverts changed, or None where it stays. One that a reviewer returned comes back only when it
    reads differently; one that waits is made anew when its sources or its item changed, too."""
    if before is not None:
        if before.status == "returned" and _reads(before.content) == _reads(content):
            return None
        if before.status == "waiting" and (before.content, before.item_id) == (content, item_id):
            return None
    return Draft(
        id=id_,
        revision=(before.revision if before else 0) + 1,
        item_id=item_id,
        kind="job description",
        origin="assembled",
        status="waiting",
        content=content,
        made_at=before.made_at if before and before.status == "waiting" else now,
    )


def _reads(content: Content) -> set[str]:
    """The lines of a draft, whoever says them."""
    return {line.rpartition(" *(")[0] for line in (content.body or "").splitlines() if line.startswith("- ")}


def _line(text: str, adverts: tuple[int, ...], *, of: int) -> str:
    which = ", ".join(str(number + 1) for number in adverts)
    return f"- {_escaped(text)}{behind(len(adverts), of, which)}"


def _source(advert: Advert) -> str:
    said = (
        _escaped(", ".join(part[:200] for part in (advert.title, advert.employer) if part)) or advert.role_id
    )
    if advert.link and len(advert.link) <= 500 and not re.search(r"[\s<>]", advert.link):
        return f"[{said}](<{advert.link}>)"
    return said


def _escaped(text: str) -> str:
    """Text as Markdown shows it: nothing in an advert is taken for markup."""
    return _NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", " ".join(text.split())))


def _name(key: Key) -> str:
    """What the framework calls the role at that level."""
    role = standard_roles().get(key.standard_role)
    rungs = [rung.name for rung in role.levels if rung.level == key.level] if role else []
    return rungs[0] if rungs else str(key)
