"""Which page of a list an address asks for."""

from fastapi import Request

_LAST_PAGE = 10_000


def page_number(request: Request) -> int:
    """The page that is asked for; the first where the address says none that there can be."""
    said = request.query_params.get("page", "1")
    plain = said.isascii() and said.isdigit() and len(said) <= len(str(_LAST_PAGE))
    return min(max(1, int(said)), _LAST_PAGE) if plain else 1
