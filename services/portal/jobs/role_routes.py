"""One role: `/jobs/{id}`."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from services.portal.jobs import store
from services.portal.jobs.beside_pay import Beside, benchmark_period, beside
from services.portal.jobs.cards import card, kind_in_words, pay_in_words, posted, where
from services.portal.jobs.history import told
from services.portal.jobs.pay_chart import pay_chart
from services.portal.jobs.posting import as_script_text, job_posting
from services.portal.jobs.standing_out import standing_out
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter()


@router.get("/jobs/{role_id}", response_class=HTMLResponse)
async def one_role(request: Request, role_id: str) -> Response:
    """All that is known of a role. 404 where there is none."""
    site = site_of(request)
    async with site.pool.acquire() as tx, tx.transaction(readonly=True, isolation="repeatable_read"):
        await store.begin_searching(tx)
        kept = await store.load(tx, [role_id])
        if not kept:
            raise HTTPException(404)
        role, name = kept[0].role, kept[0].role.standard_role.name if kept[0].role.standard_role else None
        period = benchmark_period(role)
        cells = await store.benchmarks(tx, name, period) if name and period else []
        history = await store.history(tx, role_id)
        said = await store.said_of(tx, role)
        similar = await store.similar(tx, role)
        flags = await store.flags(tx, [role, *(one.role for one in similar)])
        again = await store.advertised_again(tx, role_id)
        exemplar = bool(name) and await store.has_exemplar(tx, str(name))
    compared = beside(role, cells)
    posting = job_posting(role, url=site.url(f"/jobs/{role.id}"))
    return page(
        request,
        "jobs/role.html",
        title=f"{role.title}, {where(role)}",
        role=role,
        card=card(role, flags[role.id], site.now()),
        where=where(role),
        kind=kind_in_words(role),
        pay=pay_in_words(role.pay),
        posted=posted(role),
        compared=compared,
        chart=pay_chart(compared) if isinstance(compared, Beside) else None,
        said=standing_out(said),
        history=told(history),
        similar=[card(one.role, flags[one.role.id], site.now()) for one in similar],
        again=again,
        exemplar=exemplar,
        posting=as_script_text(posting) if posting else None,
    )
