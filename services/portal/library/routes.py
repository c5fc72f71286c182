"""Every page of the library. What has a fixed address comes before what is found by its id."""

from fastapi import APIRouter

from services.portal.library.gaps.routes import router as gaps
from services.portal.library.happenings.routes import router as happenings
from services.portal.library.offering.routes import router as offering
from services.portal.library.reviewing.mending import router as mending
from services.portal.library.reviewing.routes import router as reviewing
from services.portal.library.shelf.routes import router as shelf
from services.portal.library.structures.routes import router as structures

router = APIRouter()
for part in (structures, gaps, offering, reviewing, mending, happenings, shelf):
    router.include_router(part)
