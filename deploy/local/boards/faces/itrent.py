"""iTrent (MHR): a page that mints a session, and a JSON list that answers only within one."""

import hashlib
import json
import secrets

from deploy.local.boards.faces.shown import HTML, JSON, Asked, Content, Shown, day, whole
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import advert_page, vendor_page

_SECRET = secrets.token_hex(8)
RUN = "webrecruitment/wrd/run"


def itrent(asked: Asked, shown: Shown) -> Content | None:
    """GET {board}_webrecruitment/wrd/run/ETREC179GF.open?WVID=… for a session, with VACANCY_ID for one advert;
    ETREC106GF.json for the list. Without a session of ours the list is a page that says so."""
    name = asked.path.rpartition("/")[2]
    if name == "ETREC179GF.open" and "VACANCY_ID" in asked.query:
        advert = shown.numbered(asked.query["VACANCY_ID"])
        return Content(advert_page(shown.board, advert, []), HTML) if advert else None
    if name == "ETREC179GF.open":
        session = _minted(secrets.token_hex(8).upper())
        title = f"{shown.board.name} vacancies"
        page = vendor_page(
            "itrent", shown.board, title=title, session=session, wvid=asked.query.get("WVID", "")
        )
        return Content(page, HTML, passing=True)
    if name == "ETREC106GF.json":
        if not _ours(asked.query.get("USESSION", "")):
            return Content(
                vendor_page("session_over", shown.board, title="Session ended"), HTML, passing=True
            )
        return Content(_list(asked, shown), JSON)
    return None


def _list(asked: Asked, shown: Shown) -> str:
    size = min(200, max(1, whole(asked.query.get("RESULTS_PP"), 10)))
    first = max(1, whole(asked.query.get("REC_FROM"), 1))
    adverts = shown.adverts[first - 1 : first - 1 + size]
    rows = [
        {
            "vacancy_id": vacancy_number(advert),
            "vacancy_ref": vacancy_number(advert),
            "job_title": advert.title,
            "job_description": f"<p>{advert.description}</p>",
            "location_id": advert.location,
            "region_id": None,
            "salary": advert.pay,
            "basis_id": advert.employment_type,
            "con_hrs": None,
            "app_close_d": day(advert.closes, "%Y%m%d"),
        }
        for advert in adverts
    ]
    found = {"total_rec": len(shown.adverts), "rec_from": first, "rec_to": first + len(adverts) - 1}
    return json.dumps({"search": found, "results": rows}, ensure_ascii=False)


def _minted(visit: str) -> str:
    return visit + hashlib.sha256(f"{_SECRET}{visit}".encode()).hexdigest()[:16].upper()


def _ours(session: str) -> bool:
    return _minted(session[:16]) == session
