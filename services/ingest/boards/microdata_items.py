"""schema.org microdata in a page: each JobPosting as the object that JSON-LD would have said."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_ITEMS = 2_000
MOST_PROPERTIES = 200
MOST_TEXT = 40_000_000
"""Characters taken from one page: text inside text inside text counts each time it is read."""
_DEEPEST = 6
_LINKS = {"a": "href", "area": "href", "link": "href", "img": "src"}
_ADDRESSES = frozenset({"url", "sameas", "image", "logo"})
_PRICES = frozenset({"basesalary", "value", "minvalue", "maxvalue", "price"})
_NO_NUMBERS = frozenset({"nan", "inf", "infinity", "+infinity", "-infinity", "-inf"})


class Items:
    """The JobPostings of one page, and whether that was all of them."""

    def __init__(self, page: LexborHTMLParser) -> None:
        self._text = 0
        found = page.css("[itemscope][itemtype*='JobPosting' i]")
        self.postings = [self._posting(node) for node in found[:MOST_ITEMS]]
        _keep_to_themselves(self.postings)
        self.whole = len(found) <= MOST_ITEMS and self._text <= MOST_TEXT

    def _posting(self, node: LexborNode) -> dict[str, object]:
        data = {"@type": "JobPosting", **self._item(node, _DEEPEST)}
        currency, pay = data.get("salaryCurrency"), data.get("baseSalary")
        if isinstance(currency, str) and isinstance(pay, str):
            data["baseSalary"] = {"currency": currency, "value": pay}
        return data

    def _item(self, node: LexborNode, depth: int) -> dict[str, object]:
        """The properties of an item: what stands below it, except what belongs to an item of its own."""
        told: dict[str, object] = {}
        stack = _children(node)
        while stack and len(told) < MOST_PROPERTIES and self._text <= MOST_TEXT:
            below = stack.pop()
            attributes = below.attributes
            names = (attributes.get("itemprop") or "").split()[:5]
            own = "itemscope" in attributes
            if names:
                value = self._item(below, depth - 1) if own and depth else self._value(below, names[0])
                for name in names:
                    _add(told, name, value)
            if not own:
                stack += _children(below)
        return told

    def _value(self, node: LexborNode, name: str) -> object:
        """An element's value: what it carries for machines, else the address it leads to, else its text as HTML."""
        attributes = node.attributes
        tag = node.tag or ""
        link = attributes.get(_LINKS.get(tag, ""))
        value = attributes.get("content") or attributes.get("datetime" if tag == "time" else "value")
        if value is None and link and (name.lower() in _ADDRESSES or tag in ("link", "img")):
            value = link
        if value is None:
            value = node.inner_html or ""
            if not value.strip() and link:
                value = link
        self._text += len(value)
        return None if name.lower() in _PRICES and value.strip().lower() in _NO_NUMBERS else value


def _keep_to_themselves(postings: list[dict[str, object]]) -> None:
    """Of several addresses of an item, those that an item before it has are not its own: HTML opens a link that was
    never closed once more in the next item."""
    taken: set[object] = set()
    for posting in postings:
        urls = posting.get("url")
        told = urls if isinstance(urls, list) else [urls]
        own = [url for url in told if isinstance(url, str) and url not in taken]
        if isinstance(urls, list) and own:
            posting["url"] = own
        taken.update(url for url in told if isinstance(url, str))


def _children(node: LexborNode) -> list[LexborNode]:
    """The elements directly below, last first."""
    return list(node.iter(include_text=False))[::-1]


def _add(told: dict[str, object], name: str, value: object) -> None:
    """A property that is there several times is a list, as in JSON-LD; an empty one is not there."""
    if value is None or value == {} or (isinstance(value, str) and not value.strip()):
        return
    before = told.get(name)
    if before is None:
        told[name] = value
    elif isinstance(before, list):
        if len(before) < MOST_PROPERTIES:
            before.append(value)
    else:
        told[name] = [before, value]
