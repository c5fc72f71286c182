"""Paths and headers: what stands in an address reaches no file and adds no header, on any of the portal's addresses."""

from typing import Final
from urllib.parse import quote

from tests.portal.portal import Portal
from tests.portal.web.walking import _routes

TRAVERSALS: Final = (
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "file:%2f%2f%2fetc%2fpasswd",
    "pyproject.toml%00.css",
    "..%2fstatic_files.py",
)
SPLITS: Final = (
    "x\r\nSet-Cookie: session=mine\r\n\r\n<script>",
    "x\nLocation: https://evil.example",
    "x\u010d\u010aX-Own: 1",
    "\0",
)


async def test_no_file_is_reached(portal: Portal) -> None:
    """Whatever is typed in the place of an id or a name: no file of the machine or of ours is shown, and nothing fails. As
    LOTI's staff, to whom every page is open."""
    await portal.as_staff()
    asked = 0
    for path in _paths(portal, "GET"):
        for typed in TRAVERSALS:
            answer = await portal.get(path(typed))
            asked += 1
            assert answer.status_code < 500, (path(typed), answer.status_code)
            assert "root:x:" not in answer.text, path(typed)
            assert "named by what is in them" not in answer.text, path(typed)
            assert "requires-python" not in answer.text, path(typed)
    assert asked > 100


async def test_no_header_is_added(portal: Portal) -> None:
    """Line ends in an address, a query or a field stay in their place: no answer has a header of the sender's making."""
    await portal.as_staff()
    for method in ("GET", "POST"):
        for path in _paths(portal, method):
            for typed in SPLITS:
                address = path(quote(typed, safe=""))
                if method == "GET":
                    answer = await portal.get(
                        address, params={"next": typed, "borough": typed, "page": typed}
                    )
                else:
                    answer = await portal.post(address, {"next": typed, "why": typed, "email": typed})
                assert answer.status_code < 500, address
                for name, value in answer.headers.raw:
                    assert b"\r" not in value, (address, name)
                    assert b"\n" not in value, (address, name)
                    assert (name, value) != (b"set-cookie", b"session=mine")
                assert "x-own" not in answer.headers
                assert not answer.headers.get("location", "/").startswith(("http", "//"))


def _paths(portal: Portal, method: str) -> "list[_Place]":
    """Each address with a place, as what fills it. /live never ends."""
    return [
        _Place(route.path)
        for route in _routes(portal.app.router)
        if method in (route.methods or ()) and "{" in route.path
    ]


class _Place:
    def __init__(self, template: str) -> None:
        self.before, _, rest = template.partition("{")
        self.after = rest.partition("}")[2].replace("{do}", "pause")

    def __call__(self, typed: str) -> str:
        return f"{self.before}{typed}{self.after}"
