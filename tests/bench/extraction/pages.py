"""Job pages with JSON-LD, beside extruct."""

import json
from collections.abc import Callable
from typing import Any, Final

import extruct

from services.ingest.boards import read_jsonld
from services.ingest.boards.jsonld_blocks import block_of
from services.ingest.boards.jsonld_scripts import scripts_in
from tests.bench.extraction.inputs import PAGE_ADDRESS, job_page, list_of_jobs
from tests.bench.extraction.speed import calls_per_second
from tests.bench.measuring import Side, interleaved, slope
from tests.bench.results import Comparison, Reach, Result, Scale, Series

PAGES: Final[dict[str, Callable[[], bytes]]] = {
    "a job's page of 211 kB": job_page,
    "a list of 50 jobs": list_of_jobs,
}
WANTED: Final = {"a job's page of 211 kB": 2}
"""Times as fast as extruct. Of a page that is hardly more than JSON, both take most of their time to parse that."""


async def bench(scale: Scale) -> Result:
    """A page of one job, and a page of fifty, read by all sides in turns; then how reading grows with the page."""
    least = 0.01 if scale.quick else 0.15
    series: list[Series] = []
    for kind, made in PAGES.items():
        body = made()
        assert ours(body) == extructs(body), "other data than extruct's"
        sides = {
            f"{kind}: extruct": _side(extructs, body, least),
            f"{kind}: ours, data": _side(ours, body, least),
            f"{kind}: ours, postings": _side(_postings, body, least),
        }
        found = await interleaved(sides, scale.rounds)
        series += [Series(name, "pages a CPU second", values, "more") for name, values in found.items()]
    grown, reach = await _growth(scale)
    return Result(
        name="job-pages",
        says=(
            "Pages with schema.org JobPosting as JSON-LD. “Data” is what extruct gives, the same objects; “postings” are read from "
            "it: plain text, place, pay and dates."
        ),
        series=(*series, grown),
        comparisons=(
            *(
                Comparison(f"{kind}: ours, data", f"{kind}: extruct", at_least=WANTED.get(kind))
                for kind in PAGES
            ),
            *(Comparison(f"{kind}: ours, postings", f"{kind}: extruct") for kind in PAGES),
        ),
        reaches=(reach,),
        notes=(_broken(),),
    )


def ours(body: bytes) -> list[Any]:
    """The objects of a page's scripts."""
    scripts = scripts_in(body)
    assert scripts is not None, "a sound page that is not vouched for"
    return [block_of(script.decode()).data for script in scripts]


def extructs(body: bytes) -> list[Any]:
    """As its documentation shows: the page's text, and of all syntaxes only the one that is wanted."""
    found: list[Any] = extruct.extract(body.decode(), base_url=PAGE_ADDRESS, syntaxes=["json-ld"])["json-ld"]
    return found


def _postings(body: bytes) -> object:
    return read_jsonld(body, base_url=PAGE_ADDRESS, content_type="text/html; charset=utf-8").postings


def _broken() -> str:
    """What one broken block among fifty-one costs."""
    body = list_of_jobs().replace(
        b"<body", b'<script type="application/ld+json">{"@type": "JobPosting",</script><body', 1
    )
    page = read_jsonld(body, base_url=PAGE_ADDRESS, content_type="text/html; charset=utf-8")
    try:
        told = f"gives {len(extructs(body))} objects"
    except json.JSONDecodeError:
        told = "gives nothing"
    return f"Of 50 postings beside one block that is not JSON, ours reads {len(page.postings)} and names the block; extruct {told}."


def _side(work: Callable[[bytes], Any], body: bytes, least: float) -> Side:
    return calls_per_second(lambda: work(body), least)


async def _growth(scale: Scale) -> tuple[Series, Reach]:
    """The slope over pages of 5, 50 and 500 postings."""
    sizes = (2, 10) if scale.quick else (5, 50, 500)
    bodies = {size: list_of_jobs(size) for size in sizes}
    sides = {str(size): _side(_postings, body, 0.01 if scale.quick else 0.1) for size, body in bodies.items()}
    found = await interleaved(sides, scale.rounds)
    slopes = tuple(
        slope(sizes, [1 / found[str(size)][turn] for size in sizes]) for turn in range(scale.rounds)
    )
    name = f"a list of {', '.join(f'{size:,}' for size in sizes)} postings"
    return Series(name, "slope", slopes, "less"), Reach(name, at_most=1.1, says="1 is linear")
