"""Styles: the rules of `letter.css` put into the tags, since some mailboxes drop a <style>. Pure.

It is done once to the templates, as they are loaded, and so costs a letter nothing. Therefore each rule is for a tag (`h1`), a
class (`.quiet`) or both (`a.press`), and no selector looks further. What is for dark and for narrow ones is in `views.css` and
stays a <style>.
"""

import re

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?(?:\.([a-z]+))?")
_TAG = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>{}]*")*)')
_CLASS = re.compile(r' class="([a-z]+)"')


class NotSimple(ValueError):
    """A selector that cannot be put into a tag."""


class Styles:
    """The rules of a style sheet, by tag and class. Raises NotSimple."""

    def __init__(self, css: str) -> None:
        self._rules: dict[tuple[str, str], dict[str, str]] = {}
        for selectors, body in _RULE.findall(_COMMENT.sub("", css)):
            declared = [one.partition(":") for one in body.split(";") if one.strip()]
            facts = {name.strip(): value.strip().replace('"', "'") for name, _, value in declared}
            for selector in selectors.split(","):
                self._rules.setdefault(_simple(selector.strip()), {}).update(facts)

    def of(self, tag: str, class_: str = "") -> str:
        """The declarations of a tag with that class, the narrower rule last."""
        found: dict[str, str] = {}
        for rule in dict.fromkeys(((tag, ""), ("", class_), (tag, class_))):
            found |= self._rules.get(rule, {}) if rule != ("", "") else {}
        return "; ".join(f"{name}: {value}" for name, value in found.items())

    def in_tags(self, source: str) -> str:
        """The source of a template, with its style in each tag that has any."""

        def styled(tag: re.Match[str]) -> str:
            class_ = _CLASS.search(tag[2])
            style = self.of(tag[1], class_[1] if class_ else "")
            return f'{tag[0]} style="{style}"' if style else tag[0]

        return _TAG.sub(styled, source)


def _simple(selector: str) -> tuple[str, str]:
    found = _SIMPLE.fullmatch(selector)
    if found is None or not selector:
        raise NotSimple(
            f"letter.css: {selector!r} is more than a tag and a class: put it in views.css, or give a class"
        )
    return found[1] or "", found[2] or ""
