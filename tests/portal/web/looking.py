"""Looks at pages in a browser: what axe finds, what is too wide, and what a keyboard cannot see itself on."""

from collections.abc import Sequence
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from tests.browser import PAGE_RULES

NARROW: Final = 320
WIDE: Final = 1280
_AXE: Final = Axe().axe_script
_BY_WIDTH: Final[dict[str, Any]] = PAGE_RULES | {
    "runOnly": [
        "color-contrast",
        "target-size",
        "scrollable-region-focusable",
        "link-in-text-block",
        "region",
    ]
}
"""What can differ between two widths of one page; all of axe's rules are for the narrow one."""

_UNSEEN: Final = """
() => {
  const look = (one) => {
    const parts = [[one, null], [one, "::before"], ...[...one.querySelectorAll("*")].slice(0, 4).map((inner) => [inner, null])];
    if (one.labels) for (const label of one.labels) parts.push([label, "::before"]);
    return parts.map(([part, pseudo]) => {
      const { outline, boxShadow, backgroundColor, borderColor, color, fill, stroke, strokeWidth } = getComputedStyle(part, pseudo);
      return [outline, boxShadow, backgroundColor, borderColor, color, fill, stroke, strokeWidth].join();
    }).join();
  };
  const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const bad = [];
  for (const one of document.querySelectorAll(can)) {
    if (one.disabled || !one.checkVisibility({ visibilityProperty: true })) continue;
    document.activeElement?.blur();
    const before = look(one);
    one.focus({ preventScroll: true });
    if (document.activeElement !== one) bad.push(`cannot be reached by keyboard: ${one.outerHTML.slice(0, 120)}`);
    else if (look(one) === before) bad.push(`does not show that the keyboard is in it: ${one.outerHTML.slice(0, 120)}`);
  }
  return bad;
}
"""


def faults(tab: Page, url: str) -> Sequence[str]:
    """All that is wrong with a page at both widths, a line each."""
    refused: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error" and "404" not in said.text:
            refused.append(f"the browser says: {said.text}")

    tab.on("console", note)
    tab.set_viewport_size({"width": WIDE, "height": 900})
    tab.goto(url)
    tab.evaluate(_AXE)
    found = [*_at(tab, WIDE, _BY_WIDTH)]
    tab.set_viewport_size({"width": NARROW, "height": 900})
    found += _at(tab, NARROW, PAGE_RULES)
    tab.keyboard.press("Tab")
    found += tab.evaluate(_UNSEEN)
    tab.remove_listener("console", note)
    return [*refused, *found]


def _at(tab: Page, width: int, rules: dict[str, Any]) -> Sequence[str]:
    found = tab.evaluate("rules => axe.run(rules).then(found => found.violations)", rules)
    said = [
        f"at {width}: {rule['id']}: {node['html'][:160]}: {' '.join(node['failureSummary'].split())}"
        for rule in found
        for node in rule["nodes"]
    ]
    content = tab.evaluate("document.documentElement.scrollWidth")
    return [*said, *([f"is {content} pixels wide at {width}"] if content > width else [])]
