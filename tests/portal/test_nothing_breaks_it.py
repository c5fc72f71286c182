"""Whatever is asked of the portal's addresses, it is answered: never with an error of its own (5xx)."""

import asyncio
from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings

from tests.portal.portal import Portal

EXAMPLES = 6
"""For each address and method; `make thorough` asks more."""


async def test_the_http_api_has_no_error_of_its_own(served: Portal) -> None:
    """schemathesis asks every operation of the OpenAPI document, with what fits it and what does not, as anybody and as
    LOTI's staff."""
    for who in ("anybody", "staff"):
        await served.as_staff() if who == "staff" else served.as_anybody()
        cookies = dict(served.cookies)
        await asyncio.to_thread(_ask_everything, served, cookies)


def _ask_everything(served: Portal, cookies: dict[str, str]) -> None:
    base = str(served.client.base_url)
    schema = schemathesis.openapi.from_dict(served.app.openapi())
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path == "/live":  # it never ends
            continue
        asked += 1
        _asking(operation, base, cookies)()
    assert asked > 30


def _asking(operation: Any, base: str, cookies: dict[str, str]) -> Callable[[], None]:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = case.call(base_url=base, cookies=cookies, allow_redirects=False)
        assert answer.status_code < 500, f"{case.as_curl_command()}\n{answer.text[:2_000]}"

    return ask  # type: ignore[no-any-return]
