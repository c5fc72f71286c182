"""Who asks, and what stands in the form before anything is typed."""

from collections.abc import Mapping
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.vocabulary import authorities
from services.portal.help import asking, store
from services.portal.help.values import Reading, Values, one
from services.portal.signin.visitor import Visitor


async def who_asks(tx: Connection, visitor: Visitor, form: Reading) -> dict[str, Any]:
    """The borough, and who is to be introduced. LOTI's staff may ask for any borough, on behalf of one who works there."""
    if "LOTI staff" not in visitor.kinds:
        return {"borough": visitor.borough, "contact_id": visitor.contact_id}
    borough = form.choice("borough", authorities(), what="a borough")
    if borough is None and not form.faults:
        form.wrong("borough", "Choose the borough that asks")
    email = form.text("asks")
    person = await store.load_person_at(tx, email) if email else None
    if email and person is None:
        form.wrong("asks", "We know nobody with this address: leave it empty, or let them sign in once first")
    elif person is not None and borough is not None and person.borough != borough:
        form.wrong("asks", f"{person.name} does not work for {authorities()[borough].name}")
    return {"borough": borough, "contact_id": person.id if person else visitor.contact_id}


def whom_to_introduce(visitor: Visitor, values: Values) -> dict[str, Any]:
    """Who is introduced where a colleague changes a request: who asked, or the colleague who says so."""
    return {"contact_id": visitor.contact_id} if one(values, "asks") == "me" else {}


async def prefilled(connection: Connection, visitor: Visitor, query: Mapping[str, str]) -> Values:
    """What an advert or an earlier request says; nothing where neither is named, or the visitor may not see it."""
    like, role_id = query.get("like", ""), query.get("role", "")
    known = await store.load_request(connection, like.replace("\0", "")) if like else None
    if known is not None and visitor.sees_borough(known.request.borough):
        return asking.values_of(known.request.model_copy(update={"start": None, "need_by": None}))
    role = await store.load_role(connection, role_id.replace("\0", "")) if role_id else None
    if role is not None:
        named = role.standard_role.name if role.standard_role else ""
        return {
            "standard_role": (named,),
            "level": (role.level or "",),
            "note": () if named else (f"For the advert “{role.title[:200]}”.",),
            "borough": tuple(one.gss for one in role.authorities[:1]),
        }
    said = {name: query.get(name, "") for name in ("standard_role", "level")}
    return {name: (text,) for name, text in said.items() if text}
