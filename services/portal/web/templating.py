"""The templates: those of each part of the portal, and the GOV.UK Design System's components."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    UndefinedError,
)
from jinja2.utils import missing

from services.portal.web import static_files, words

_PORTAL: Final = Path(__file__).parent.parent
_COMPONENTS_LEAVE_OUT: Final = {"caller", "null", "successBanner", "typeClass", "undefined"}
"""Names that the components ask for without anybody having given them."""


@cache
def environment() -> Environment:
    """Templates by the name of their part: `jobs/board.html` is `jobs/templates/jobs/board.html`; components by
    `govuk_frontend_jinja/components/button/macro.html`. Every function of `words.FILTERS` is a filter, and
    `static('portal.css')` is the address of a file that pages load."""
    made = _Templates(
        loader=ChoiceLoader(
            [
                FileSystemLoader(sorted(_PORTAL.glob("*/templates"))),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja", "templates")}),
            ]
        ),
        autoescape=True,
        undefined=_Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else each page asks the disk two hundred times whether a template was edited
    )
    made.filters.update(words.FILTERS)
    made.globals["static"] = static_files.address
    return made


def prepare() -> None:
    """Compile the templates of all parts, so that no page pays for it."""
    made = environment()
    for name in made.list_templates(filter_func=lambda name: not name.startswith("govuk_frontend_jinja/")):
        made.get_template(name)


class _Templates(Environment):
    """Jinja's own, but quicker at what a mapping has not: a page of components asks for that about a thousand times, and
    Jinja raises and catches two errors each time."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is not dict or attribute in _OF_A_DICT:
            return super().getattr(obj, attribute)
        found = obj.get(attribute, missing)
        return self.undefined(obj=obj, name=attribute) if found is missing else found


_OF_A_DICT: Final = frozenset(dir(dict))
"""Names that come before the keys of the same name, `items` for one."""


class _Missing(StrictUndefined):
    """A name that nobody gave is a bug, and so is an attribute that a thing has not. The components' options are
    mappings, and what is left out of those is empty."""

    def __new__(
        cls, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> Any:
        if isinstance(obj, dict | ChainableUndefined | Mapping) or name in _COMPONENTS_LEAVE_OUT:
            return ChainableUndefined(hint, obj, name, exc)
        return super().__new__(cls)
