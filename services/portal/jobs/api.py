"""Roles for other programs: `/api/roles` and `/api/roles/{id}`, as the topic has them."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request
from pydantic import BaseModel, Field

from loti_contracts.events import Role
from services.portal.jobs import store
from services.portal.jobs.asked_reading import read_asked
from services.portal.jobs.searching import search
from services.portal.web.site import site_of
from services.portal.web.words import LONDON

router = APIRouter(tags=["roles"])


class AskedOfApi(BaseModel):
    """The parameters of the jobs board, by the same names. One that cannot be understood is refused (422)."""

    words: str = Field(
        "", description="Full text, as a search engine reads it: quotes, OR, a minus before a word."
    )
    role: list[str] = Field([], description="Standard roles, by their exact names.")
    family: list[str] = Field([], description="Families of standard roles.")
    level: list[str] = Field(
        [], description="Levels: trainee, associate, practitioner, senior, lead and so on."
    )
    borough: list[str] = Field([], description="GSS codes or names of authorities.")
    area: list[str] = Field([], description="inner, outer.")
    contract: list[str] = Field([], description="permanent, fixed term, temporary, apprenticeship.")
    pay_from: str = Field("", description="Pounds of the period; adverts that say no pay are then left out.")
    pay_to: str = Field("", description="Pounds of the period.")
    pay_period: str = Field("year", description="year, day.")
    status: str = Field("open", description="open, closed, all.")
    since: str = Field("", description="Posted within so many days, or since a day such as 2026-11-01.")
    sort: str = Field("", description="newest, closing, pay; else by match, then newest.")
    page: str = Field("1", description="From 1 to 50, 20 roles each.")


class RolesFound(BaseModel):
    """A page of roles."""

    roles: list[Role]
    total: int = Field(description="How many there are, exact up to 1,000.")
    more_than_total: bool = Field(description="Whether there are still more than that.")
    instead: dict[str, str] = Field(
        description="Words that no role has, and those that were looked for in their place."
    )
    next: str | None = Field(description="The address of the next page; null on the last.")


@router.get("/api/roles", response_model=RolesFound, responses={422: {"description": "Something is wrong."}})
async def find_roles(request: Request, asked_of: Annotated[AskedOfApi, Query()]) -> RolesFound:
    """The roles that are looked for."""
    site = site_of(request)
    asked, hints = read_asked(request.query_params.multi_items())
    if hints:
        raise HTTPException(422, detail=" ".join(f"{hint.name}: {hint.text}" for hint in hints))
    async with site.pool.acquire() as tx, tx.transaction(readonly=True):
        found = await search(tx, asked, today=site.now().astimezone(LONDON).date())
    further = found.asked.page < found.pages
    return RolesFound(
        roles=[one.role for one in found.roles],
        total=found.total,
        more_than_total=found.more,
        instead=dict(found.instead),
        next=site.url(found.asked.on_page(found.asked.page + 1).address("/api/roles")) if further else None,
    )


@router.get("/api/roles/{role_id}", response_model=Role, responses={404: {"description": "There is none."}})
async def one_role(request: Request, role_id: Annotated[str, Path(max_length=200)]) -> Role:
    """A role as it was said last."""
    async with site_of(request).pool.acquire() as tx:
        kept = await store.load(tx, [role_id])
    if not kept:
        raise HTTPException(404, detail="There is no role of that id.")
    return kept[0].role
