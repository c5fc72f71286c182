"""What every page needs: the database, the settings, the clock, the templates, who is told what changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
from fastapi import Request
from jinja2 import Environment

from services.portal.settings import PortalSettings
from services.portal.signin.visitor import ANYBODY, Visitor
from services.portal.web.live import Live
from services.portal.web.templating import environment


@dataclass(frozen=True, slots=True)
class Site:
    """The running portal, as its pages see it."""

    pool: "asyncpg.Pool[Any]"
    settings: PortalSettings
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    templates: Environment = field(default_factory=environment)
    live: Live = field(default_factory=Live)

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.clock()

    def url(self, path: str) -> str:
        """The whole address of one of its pages."""
        return self.settings.portal_url + path


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site = request.app.state.site
    assert isinstance(site, Site)  # noqa: S101 - web/app.py put it there
    return site


def visitor_of(request: Request) -> Visitor:
    """Who asks; ANYBODY where nobody is signed in."""
    visitor = getattr(request.state, "visitor", ANYBODY)
    assert isinstance(visitor, Visitor)  # noqa: S101 - signin put it there
    return visitor
