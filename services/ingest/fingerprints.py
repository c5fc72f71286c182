"""Vendors' fingerprints: how a system is recognised by its addresses and its markup, and what its entry needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NONE = "no adapter reads this system; describe it as a mapping, or look for a feed"

_NAME = r"[\w.-]{1,80}"


@dataclass(frozen=True, slots=True)
class Vendor:
    """How a system is recognised: by the address of a link (groups of `link` are named like the options they fill),
    or by its markup. `url` is a template over those groups, `{origin}` and `{link}`."""

    name: str
    kind: str
    link: str
    url: str = "{link}"
    options: tuple[str, ...] = ()
    markup: str | None = None
    needs: str | None = None
    fixed: Mapping[str, object] = field(default_factory=dict)


VENDORS = (
    Vendor("Eploy", "eploy", r"/feeds/datafeed\.ashx\?(?:.*&)?Format=xml"),
    Vendor("Eploy", "eploy", r"/feeds/datafeed\.ashx|\.eploy\.(?:net|co\.uk)\b", "{origin}/feeds/datafeed.ashx?Format=xml", markup=r"eploy\.(?:net|co\.uk|com)|EployWeb"),
    Vendor("Jobs Go Public", "jobsgopublic", r"//(?:www\.)?(?:jobsgopublic|lgjobs)\.com/"),
    Vendor("TalentLink", "talentlink", r"(?:laydisplayrapido|jsoutputinitrapido)\.cfm"),
    Vendor("TalentLink", "unknown", r"recruitmentplatform\.com/", markup=r"data-(?:talentlink|lumesse)-fo-host", needs="its newer widget has no list that robots may read; look for the older one, or for the front's search page (kind talentlink, option front: wordpress)"),
    Vendor("iTrent", "itrent", r"webitrent\.com/.*_web(?:recruitment)?/.*[?&]WVID=", markup=None),
    Vendor("iTrent", "unknown", r"webitrent\.com/", markup=r"mhrParams|ETREC\d+GF", needs="open its search page and take the address with WVID"),
    Vendor("Oleeo", "oleeo", rf"//{_NAME}\.tal\.net/.*candidate/jobboard/vacancy/\d+"),
    Vendor("Oleeo", "oleeo", rf"//{_NAME}\.tal\.net/", needs="the address of the board, …/candidate/jobboard/vacancy/NUMBER/adv/"),
    Vendor("Jobtrain", "jobtrain", rf"//(?:www\.)?jobtrain\.co\.uk/(?P<tenant>{_NAME})", "https://www.jobtrain.co.uk/{tenant}"),
    Vendor("Tribepad", "tribepad", rf"//{_NAME}\.tribepad(?:-gro)?\.com/", markup=r"sitebuilder-job-results-item|tribepad"),
    Vendor("SuccessFactors", "successfactors", r"jobs2web\.com/|\.successfactors\.(?:com|eu)/|/tile-search-results/", markup=r"jobs2web|rmkcdn\.successfactors"),
    Vendor("Greenhouse", "greenhouse", rf"//(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/(?:embed/job_board(?:/js)?\?for=)?(?P<board>(?!embed\b){_NAME})", "https://boards-api.greenhouse.io", ("board",)),
    Vendor("Greenhouse", "greenhouse", rf"//(?:boards-)?api\.greenhouse\.io/v1/boards/(?P<board>{_NAME})", "https://boards-api.greenhouse.io", ("board",)),
    Vendor("Lever", "lever", rf"//(?:jobs\.lever\.co|api\.lever\.co/v0/postings)/(?P<org>{_NAME})", "https://api.lever.co", ("org",)),
    Vendor("Workable", "workable", rf"//apply\.workable\.com/(?:api/v\d/(?:widget/)?accounts/)?(?P<account>{_NAME})", "https://apply.workable.com", ("account",)),
    Vendor("SmartRecruiters", "smartrecruiters", rf"//(?:careers|jobs)\.smartrecruiters\.com/(?P<company>{_NAME})", "https://api.smartrecruiters.com", ("company",)),
    Vendor("SmartRecruiters", "smartrecruiters", rf"//api\.smartrecruiters\.com/v1/companies/(?P<company>{_NAME})", "https://api.smartrecruiters.com", ("company",)),
    Vendor("Teamtailor", "teamtailor", r"\.teamtailor\.com/", "https://api.teamtailor.com", markup=r"teamtailor-cdn|data-teamtailor", needs="the option key, the employer's public API key"),
    Vendor("Workday", "workday", rf"//(?P<tenant>[\w-]+)\.(?P<pod>wd\d+)\.myworkdayjobs\.com/(?:wday/cxs/[\w-]+/)?(?:[a-z]{{2}}-[A-Z]{{2}}/)?(?P<site>{_NAME})", "https://{tenant}.{pod}.myworkdayjobs.com", ("tenant", "site")),
    Vendor("Taleo", "taleo", rf"//{_NAME}\.taleo\.net/careersection/(?P<section>{_NAME})/", "{host}", ("section",)),
    Vendor("Oracle Recruiting", "oracle", rf"//{_NAME}\.oraclecloud\.com/hcmUI/CandidateExperience/[\w-]+/sites/(?P<site>{_NAME})", "{host}", ("site",)),
    Vendor("Hireful", "sitemap", rf"//{_NAME}\.livevacancies\.co\.uk", "{host}/sitemap.xml", fixed={"match": "/vacancy/"}),
    Vendor("Hireserve", "mapping", r"/ic_job_feeds\.feed_engine|\.hireserve\.com", markup=r"icamsbase|p_web_site_id", needs="the address …/utf8/ic_job_feeds.feed_engine?p_web_site_id=…&p_format=MOBILE and options (format json, items jobs)"),
    Vendor("EngageATS", "rss", r"CustomVacanciesFeed\.ashx", markup=r"engageats"),
    Vendor("Networx", "rss", r"current-vacancies\.com/RSSFeeds/Vacancies/"),
    Vendor("Networx", "unknown", r"//[\w-]+\.current-vacancies\.com", needs="the address of its feed, …/RSSFeeds/Vacancies/NAME?feedID=…"),
    Vendor("Stonefish", "rss", r"/vacanc(?:ies|y)\.aspx\?(?:cat|ref)=", "{host}/rss.aspx"),
    Vendor("North East Jobs", "rss", r"northeastjobs\.org\.uk/RSSJobs\.aspx"),
    Vendor("WMJobs", "rss", r"//(?:www\.)?wmjobs\.co\.uk/", "https://www.wmjobs.co.uk/jobsrss/"),
    Vendor("Teaching Vacancies", "sitemap", r"//(?:www\.)?teaching-vacancies\.service\.gov\.uk/", "https://teaching-vacancies.service.gov.uk/sitemap.xml", fixed={"match": "/jobs/"}),
    Vendor("Vacancy Poster", "mapping", r"//(?:www\.)?vprs\.co\.uk/vpmain/vpxmloutput", needs="options: format xml, items channel/item"),
    *(Vendor(name, "unknown", link, needs=_NONE) for name, link in (
        ("Broadbean", r"\.broadbean\.com|adcourier\.com"), ("PageUp", r"\.pageuppeople\.com"), ("ReachMee", r"\.reachmee\.com"),
        ("MyNewTerm", r"mynewterm\.com"), ("Civil Service Jobs", r"civilservicejobs\.service\.gov\.uk"),
        ("NHS Jobs", r"//(?:www\.|beta\.)?jobs\.nhs\.uk"), ("Trac", r"//(?:[\w-]+\.)?trac\.jobs|healthjobsuk\.com"),
    )),
)  # fmt: skip

LINKS = tuple((vendor, re.compile(vendor.link, re.IGNORECASE)) for vendor in VENDORS)
