"""Gives browsers the files that pages load."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.portal.web import static_files

router = APIRouter(include_in_schema=False)
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@router.get("/static/{name}")
async def static_file(request: Request, name: str) -> Response:
    """One file, packed where the browser reads that. Its name says what is in it, so it never changes."""
    file = static_files.files().get(name)
    if file is None:
        raise HTTPException(404)
    if not _takes_gzip(request):
        return Response(file.content, media_type=file.media_type, headers=_FOR_GOOD)
    return Response(file.packed, media_type=file.media_type, headers=_FOR_GOOD | {"Content-Encoding": "gzip"})


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Where a browser looks that read no page."""
    return RedirectResponse(static_files.address("favicon.svg"), status_code=308)


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "").lower()
