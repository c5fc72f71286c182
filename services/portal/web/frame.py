"""Puts what a page says into the frame of every page."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from services.portal.signin.forms import FIELD
from services.portal.web.navigation import navigation
from services.portal.web.site import site_of, visitor_of


def page(request: Request, template: str, *, title: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from a template that extends `web/base.html`; its values are escaped.

    Every template has `title`, `visitor`, `site_name`, `path` (of the address), `now`, `csrf_field()` (of every form
    that changes something) and `navigation` beside its facts.
    """
    site, visitor, path = site_of(request), visitor_of(request), request.url.path
    csrf = getattr(
        request.state, "csrf", ""
    )  # made when a form is written: only then the browser needs a cookie
    body = site.templates.get_template(template).render(
        title=title,
        visitor=visitor,
        site_name=site.settings.site_name,
        path=path,
        now=site.now(),
        csrf=csrf,
        csrf_field=lambda: Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf),
        navigation=navigation(visitor, path),
        turn=getattr(request.state, "turn", 0),
        **facts,
    )
    return HTMLResponse(body, status_code=status)
