"""Results as Markdown: BENCHMARKS.md, and what `make bench` prints."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.bench.results import Comparison, Reach, Result, Series


def document(kept: Mapping[str, Mapping[str, Any]]) -> str:
    """BENCHMARKS.md, from what was kept of each bench: its `result`, `machine`, `command`, `day` and `load`."""
    lines = [
        "# Benchmarks",
        "",
        "Every figure here is a median of interleaved rounds, with the least and the most of them behind it: what is",
        "compared took turns in one run on one machine. Compare ratios; absolute figures are of that machine and day.",
        "`make bench` measures all of it anew and writes this page; `loti bench NAME --json` measures one.",
        "",
        "| bench | measured with | on | load before |",
        "|---|---|---|---|",
        *(
            f"| [{name}](#{name}) | `{one['command']}` | {one['day']}, commit {one['machine']['commit']} | {one['load']:.1f} |"
            for name, one in kept.items()
        ),
        "",
        *_machines(one["machine"] for one in kept.values()),
    ]
    for one in kept.values():
        lines += ["", *section(Result.from_json(one["result"]))]
    return "\n".join(lines) + "\n"


def section(result: Result) -> list[str]:
    """One bench: what was measured, the figures, the ratios, and what they were to reach."""
    lines = [f"## {result.name}", "", result.says, "", "| | median | least to most | |", "|---|--:|--:|---|"]
    lines += [_figures(one) for one in result.series]
    if asked := (*result.comparisons, *result.reaches):
        lines += ["", "| beside one another | ratio or figure | wanted | |", "|---|--:|--:|---|"]
        lines += [_asked(one, result) for one in asked]
    if result.notes:
        lines += ["", *(f"* {note}" for note in result.notes)]
    return lines


def _figures(one: Series) -> str:
    least, most = one.spread
    return f"| {one.name} | {number(one.median)} {one.unit} | {number(least)} to {number(most)} | {one.better} is better |"


def _asked(one: Comparison | Reach, result: Result) -> str:
    if isinstance(one, Comparison):
        of, figure = f"{one.of} ÷ {one.to}", number(one.ratio(result))
    else:
        of, figure = one.of, f"{number(result[one.of].median)} {result[one.of].unit}"
    reached = {None: "", True: "reached", False: "**not reached**"}[one.reached(result)]
    said = f"{of} ({one.says})" if one.says else of
    return f"| {said} | {figure} | {_wanted(one)} | {reached} |"


def _wanted(one: Comparison | Reach) -> str:
    if one.at_least is not None:
        return f"≥ {number(one.at_least)}"
    return "" if one.at_most is None else f"≤ {number(one.at_most)}"


def number(figure: float) -> str:
    """Three digits that count, with thousands apart."""
    if figure and abs(figure) < 100:
        shown = f"{figure:.3g}"
        return shown if "e" not in shown else f"{figure:.3f}"
    return f"{figure:,.0f}"


def _machines(machines: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    seen: list[str] = []
    for one in machines:
        versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
        said = (
            f"* {one['processor']}, {one['cores']} cores, {one['memory_gb']} GB, {one['system']}, "
            f"Python {one['python']}; {versions}"
        )
        if said not in seen:
            seen.append(said)
    return seen
