"""The kinds of jobs board that can be read, each a pure adapter: no network, no database.

A new kind is one module with an adapter, and one line in KINDS.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.ingest.boards.adapter import Adapter, Ask, Board, Missed, Page, Reading, Steps
from services.ingest.boards.csv_upload import csv_upload
from services.ingest.boards.eploy import read_eploy
from services.ingest.boards.greenhouse import greenhouse
from services.ingest.boards.itrent import read_itrent
from services.ingest.boards.jobsgopublic import read_jobsgopublic
from services.ingest.boards.jobtrain import read_jobtrain
from services.ingest.boards.jsonld import read_jsonld
from services.ingest.boards.lever import lever
from services.ingest.boards.mapping import read_mapping
from services.ingest.boards.microdata import microdata
from services.ingest.boards.oleeo import read_oleeo
from services.ingest.boards.oracle import oracle
from services.ingest.boards.paged import paged
from services.ingest.boards.posting import BoardPage, NotABoard, Posting, Reader, Refused
from services.ingest.boards.rss import read_rss
from services.ingest.boards.sitemap import sitemap
from services.ingest.boards.smartrecruiters import smartrecruiters
from services.ingest.boards.successfactors import read_successfactors
from services.ingest.boards.talentlink import read_talentlink
from services.ingest.boards.taleo import taleo
from services.ingest.boards.teamtailor import teamtailor
from services.ingest.boards.tribepad import read_tribepad
from services.ingest.boards.workable import workable
from services.ingest.boards.workday import workday

READERS: Mapping[str, Reader] = MappingProxyType({"jsonld": read_jsonld, "rss": read_rss})
"""Kinds whose pages, lists and details alike, one reader understands."""

KINDS: Mapping[str, Adapter] = MappingProxyType(
    {
        **{name: paged(read) for name, read in READERS.items()},
        # Systems that councils use.
        "eploy": read_eploy,
        "itrent": read_itrent,
        "jobsgopublic": read_jobsgopublic,
        "jobtrain": read_jobtrain,
        "oleeo": read_oleeo,
        "successfactors": read_successfactors,
        "talentlink": read_talentlink,
        "tribepad": read_tribepad,
        # Systems that anybody uses.
        "greenhouse": greenhouse,
        "lever": lever,
        "oracle": oracle,
        "smartrecruiters": smartrecruiters,
        "taleo": taleo,
        "teamtailor": teamtailor,
        "workable": workable,
        "workday": workday,
        # No system: a table, a sitemap, marked-up pages, and whatever a list of sources describes.
        "csv": csv_upload,
        "mapping": read_mapping,
        "microdata": microdata,
        "sitemap": sitemap,
    }
)
"""The adapter for each `kind` that a source may name."""

__all__ = [
    "KINDS",
    "READERS",
    "Adapter",
    "Ask",
    "Board",
    "BoardPage",
    "Missed",
    "NotABoard",
    "Page",
    "Posting",
    "Reader",
    "Reading",
    "Refused",
    "Steps",
    "paged",
    "read_jsonld",
    "read_rss",
]
