"""Which parts the portal has: each has its pages and its part of the HTTP API in a router of its own."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.portal.help.routes import router as help_
from services.portal.jobs.routes import router as jobs
from services.portal.library.routes import router as library
from services.portal.own.routes import router as own
from services.portal.pay.routes import router as pay
from services.portal.rounds.routes import router as rounds
from services.portal.signin.routes import router as signin
from services.portal.staff.routes import router as staff
from services.portal.web.about import router as about
from services.portal.web.home.routes import router as home
from services.portal.web.live_pages import router as live
from services.portal.web.serving_files import router as files


def routers() -> Sequence[APIRouter]:
    """All of them. No two have an address in common."""
    return (home, about, live, files, signin, own, jobs, pay, help_, rounds, library, staff)
