"""The vendors whose boards answer in JSON, each with recorded pages and what is known of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.ingest.boards import Adapter, Ask, Board, Posting, Reading
from services.ingest.boards.greenhouse import greenhouse
from services.ingest.boards.lever import lever
from services.ingest.boards.oracle import oracle
from services.ingest.boards.smartrecruiters import smartrecruiters
from services.ingest.boards.taleo import taleo
from services.ingest.boards.teamtailor import teamtailor
from services.ingest.boards.workable import workable
from services.ingest.boards.workday import workday
from tests.ingest.asking import converse, fixture, told

HOST = "https://ats.example.org"
REST = f"{HOST}/hcmRestApi/resources/latest"
LIST = f"{REST}/recruitingCEJobRequisitions?onlyData=true&expand=requisitionList.secondaryLocations&finder=findReqs;siteNumber=CX_1,limit=25,offset="
DETAIL = f"{REST}/recruitingCEJobRequisitionDetails?onlyData=true&expand=all&finder=ById;Id=%22{{}}%22,siteNumber=CX_1"
SMART = f"{HOST}/v1/companies/acme/postings"
CXS = f"{HOST}/wday/cxs/acme/careers"
SEARCH = f"{HOST}/careersection/rest/jobboard/searchjobs?lang=en&portal=101"


@dataclass(frozen=True)
class Vendor:
    """One vendor: its adapter, the options of a board, the pages by question, and where its list begins and counts."""

    adapter: Adapter
    options: Mapping[str, Any]
    first: str
    pages: Mapping[str, str]
    counted: bool = True
    keys: tuple[str, str] = ("", "")
    later: tuple[str, ...] = field(default_factory=tuple)

    def read(
        self, changed: Mapping[str, bytes | None] | None = None, asked: list[Ask] | None = None
    ) -> Reading:
        bodies = {name: fixture(f"{page}.json") for name, page in self.pages.items()}
        for name, body in (changed or {}).items():
            bodies.pop(name, None)
            if body is not None:
                bodies[name] = body
        return converse(self.adapter, Board(HOST + "/", self.options), told(bodies), asked)

    def json(self, name: str) -> Any:
        return json.loads(fixture(f"{self.pages[name]}.json"))


VENDORS = {
    "greenhouse": Vendor(
        greenhouse,
        {"board": "acme"},
        f"{HOST}/v1/boards/acme/jobs?content=true",
        {f"{HOST}/v1/boards/acme/jobs?content=true": "greenhouse"},
        keys=("4011", "4012"),
    ),
    "lever": Vendor(
        lever,
        {"org": "acme"},
        f"{HOST}/v0/postings/acme?mode=json",
        {f"{HOST}/v0/postings/acme?mode=json": "lever"},
        counted=False,
        keys=("0a1b2c3d-0001", "0a1b2c3d-0002"),
    ),
    "workable": Vendor(
        workable,
        {"account": "acme"},
        f"{HOST}/api/v1/widget/accounts/acme",
        {
            f"{HOST}/api/v1/widget/accounts/acme": "workable",
            f"{HOST}/api/v2/accounts/acme/jobs/AB12CD": "workable_job",
            f"{HOST}/api/v2/accounts/acme/jobs/EF34GH": "workable_job_2",
        },
        counted=False,
        keys=("AB12CD", "EF34GH"),
        later=(f"{HOST}/api/v2/accounts/acme/jobs/EF34GH",),
    ),
    "smartrecruiters": Vendor(
        smartrecruiters,
        {"company": "acme"},
        f"{SMART}?limit=100&offset=0",
        {
            f"{SMART}?limit=100&offset=0": "smartrecruiters",
            f"{SMART}?limit=100&offset=1": "smartrecruiters_2",
            f"{SMART}/744000001": "smartrecruiters_job",
            f"{SMART}/744000002": "smartrecruiters_job_2",
        },
        keys=("744000001", "744000002"),
        later=(f"{SMART}?limit=100&offset=1", f"{SMART}/744000002"),
    ),
    "teamtailor": Vendor(
        teamtailor,
        {"key": "abcdefgh"},
        f"{HOST}/v1/jobs?page%5Bsize%5D=30&include=department,locations",
        {
            f"{HOST}/v1/jobs?page%5Bsize%5D=30&include=department,locations": "teamtailor",
            f"{HOST}/v1/jobs?page%5Bnumber%5D=2": "teamtailor_2",
        },
        keys=("501", "502"),
        later=(f"{HOST}/v1/jobs?page%5Bnumber%5D=2",),
    ),
    "workday": Vendor(
        workday,
        {"tenant": "acme", "site": "careers"},
        f"{CXS}/jobs#0",
        {
            f"{CXS}/jobs#0": "workday",
            f"{CXS}/jobs#1": "workday_2",
            f"{CXS}/job/London/Data-Analyst_R-0012345": "workday_job",
            f"{CXS}/job/London/GIS-Officer_R-0012346": "workday_job_2",
        },
        keys=("R-0012345", "R-0012346"),
        later=(f"{CXS}/jobs#1", f"{CXS}/job/London/GIS-Officer_R-0012346"),
    ),
    "taleo": Vendor(
        taleo,
        {"section": "ext", "portal": 101},
        f"{SEARCH}#1",
        {f"{SEARCH}#1": "taleo", f"{SEARCH}#2": "taleo_2"},
        keys=("2600012A", "2600013B"),
        later=(f"{SEARCH}#2",),
    ),
    "oracle": Vendor(
        oracle,
        {"site": "CX_1"},
        f"{LIST}0",
        {
            f"{LIST}0": "oracle",
            f"{LIST}1": "oracle_2",
            DETAIL.format("30001"): "oracle_job",
            DETAIL.format("30002"): "oracle_job_2",
        },
        keys=("30001", "30002"),
        later=(f"{LIST}1", DETAIL.format("30002")),
    ),
}
each = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())


def first(name: str) -> Posting:
    reading = VENDORS[name].read()
    assert (reading.gaps, reading.refused) == ([], [])
    return reading.postings[0]
