"""The faces of a board: the same adverts as each vendor's system would publish them, under `/{board}/as/{face}/`.

Every board can be seen under every face; the one that a board is listed under for ingest is in adverts.json.
A face is a function from what was asked to what is answered, without a server: None is a page that is not there.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from deploy.local.boards.adverts import Board
from deploy.local.boards.faces.described import WORDS, described
from deploy.local.boards.faces.eploy import eploy
from deploy.local.boards.faces.greenhouse import greenhouse
from deploy.local.boards.faces.itrent import RUN, itrent
from deploy.local.boards.faces.jobsgopublic import jobsgopublic
from deploy.local.boards.faces.jobtrain import jobtrain
from deploy.local.boards.faces.lever import lever
from deploy.local.boards.faces.marked_up import microdata, sitemap
from deploy.local.boards.faces.oleeo import oleeo
from deploy.local.boards.faces.oracle import SITE as ORACLE_SITE
from deploy.local.boards.faces.oracle import oracle
from deploy.local.boards.faces.shown import Asked, Content, Shown
from deploy.local.boards.faces.smartrecruiters import smartrecruiters
from deploy.local.boards.faces.spreadsheet import spreadsheet
from deploy.local.boards.faces.successfactors import successfactors
from deploy.local.boards.faces.talentlink import LIST, talentlink
from deploy.local.boards.faces.taleo import SECTION, taleo
from deploy.local.boards.faces.teamtailor import KEY, teamtailor
from deploy.local.boards.faces.tribepad import tribepad
from deploy.local.boards.faces.workable import workable
from deploy.local.boards.faces.workday import SITE, workday


@dataclass(frozen=True, slots=True)
class Face:
    """One vendor's face. `entry` is the address that its source names, after the face's own, with `{board}` in it."""

    vendor: str
    entry: str
    answer: Callable[[Asked, Shown], Content | None]
    options: Mapping[str, Any] = field(default_factory=dict)
    """What its source's entry must say beside; a text may have `{board}` in it."""

    def url(self, kind: str, board: Board, base: str) -> str:
        """Where ingest begins to read it."""
        return f"{base}/{board.id}/as/{kind}/{self.entry.format(board=board.id)}"

    def options_of(self, board: Board) -> dict[str, Any]:
        """The options of the board's entry in a list of sources."""
        return {
            name: value.replace("{board}", board.id) if isinstance(value, str) else deepcopy(value)
            for name, value in self.options.items()
        }


FACES: Mapping[str, Face] = MappingProxyType(
    {
        "csv": Face("CSV", "vacancies.csv", spreadsheet),
        "eploy": Face("Eploy", "feeds/datafeed.ashx?Format=xml", eploy),
        "greenhouse": Face(
            "Greenhouse", "v1/boards/{board}/jobs?content=true", greenhouse, {"board": "{board}"}
        ),
        "itrent": Face("iTrent", "{board}_" + RUN + "/ETREC179GF.open?WVID=2301", itrent),
        "jobsgopublic": Face("Jobs Go Public", "jobs?search=&geo_location=London,+UK", jobsgopublic),
        "jobtrain": Face("Jobtrain", "{board}/Home/_JobCard", jobtrain),
        "lever": Face("Lever", "", lever, {"org": "{board}"}),
        "mapping": Face("described by options", "vacancies.json", described, WORDS),
        "microdata": Face("schema.org microdata", "vacancies", microdata),
        "oleeo": Face("Oleeo", "candidate/jobboard/vacancy/3/feed", oleeo),
        "oracle": Face("Oracle Recruiting", "", oracle, {"site": ORACLE_SITE}),
        "sitemap": Face("a sitemap", "sitemap.xml", sitemap, {"match": "/vacancy/"}),
        "smartrecruiters": Face("SmartRecruiters", "", smartrecruiters, {"company": "{board}"}),
        "successfactors": Face(
            "SuccessFactors", "tile-search-results/?q=", successfactors, {"list": "tiles"}
        ),
        "talentlink": Face("TalentLink", LIST, talentlink),
        "taleo": Face("Taleo", "", taleo, {"section": SECTION}),
        "teamtailor": Face("Teamtailor", "", teamtailor, {"key": KEY}),
        "tribepad": Face("Tribepad", "v2/job/search", tribepad),
        "workable": Face("Workable", "", workable, {"account": "{board}"}),
        "workday": Face(
            "Workday", "wday/cxs/{board}/" + SITE + "/jobs", workday, {"tenant": "{board}", "site": SITE}
        ),
    }
)
"""By the kind of source that reads it."""

__all__ = ["FACES", "Asked", "Content", "Face", "Shown"]
