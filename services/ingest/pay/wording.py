"""Words that make an amount a bound (rule 3), or no basic pay at all (rule 6)."""

import re
from typing import Final, Literal

Bound = Literal["from", "up to"]

_LEAD: Final = (
    r"(?:\s?(?:a|an|the|of|is|at|be|will|circa|c\.?|approx(?:imately)?\.?|around|about|£|:|-|\())*\s?$"
)
_UP_TO: Final = re.compile(
    r"(?=[-:;|,(ubmnclshpr]| ?to)(?:\bup ?to|\bmax(?:imum)?\.?(?: (?:day|daily|hourly|annual|salary|rate|pay|budget|of))*|\bno more than|\bnot more than|\bnot exceeding"
    r"|\bcapped at|\bunder|\bbelow|\bless than|(?:^|[-:;|,(]|\bsalary|\bnegotiable|\bcompetitive|\bneg|\bpay|\brate|\bpackage|\bpaying|\bbasic) ?to"
    r"|\bhyd at)" + _LEAD
)
_FROM: Final = re.compile(
    r"(?=[fsmaoinb])(?:\bfrom|\bstart(?:s|ing)? (?:at|from|on)|\bstarting (?:salary|pay|rate|point)(?: (?!up\b)[a-z]{1,12}){0,5}"
    r"|\bminimum(?: (?:salary|rate|pay|of))*|\bmin\.?|\bat least|\bover|\babove|\bin excess of|\bmore than|\b(?:no|not) less than|\bo leiaf|\bbasic from)"
    + _LEAD
)
_THEN_UP: Final = re.compile(r"\s?[(]?(?:max(?:imum)?\b|ceiling|or less)")
_THEN_ON: Final = re.compile(
    r"\s?(?:\+\s?(?:$|[,.;)(|]|doe\b|dep|per\b|pa\b|p\.a|a year|neg|/)|\+$|upwards|and (?:above|over|up|upwards)|or (?:more|above)|minimum|min\b|plus$|\bonwards)"
)
_RATE_WORDS: Final = re.compile(
    r"[\s)]*(?:per (?:annum|day|hour|week|month|year)|p\.?a\.?|/ ?(?:day|annum|hour|year|week|month)|a (?:day|year|week|month)|an hour|pd|ph|annually|fte|pro[ -]?rata|gbp)*"
)

_EXTRA: Final = (
    r"(?:(?:inner |outer |london |market |car |recruitment |retention |shift |sen |send |travel |first aid |essential |user |local |area |fringe )*"
    r"(?:allowances?|weighting|supplements?|enhancements?|honorarium|premia|premium)|bonus(?:es)?|welcome payment|golden hello|joining fee|retention payment|relocation"
    r"|sleep(?:s|[ -]?ins?|[ -]?overs?)|on[ -]?calls?|stand[ -]?by|call[ -]?outs?|contributions?(?: (?:to|towards) [a-z]{1,14})?"
    r"|(?:(?:course|tuition|university|college|training|exam|research|study|travel|professional) )?costs"
    r"|(?:course|tuition|university|college|training|exam|study|professional|membership) fees"
    r"|pension|training budget|budgets?|grant|funding|turnover|vouchers?|benefits? (?:worth|package)|tlr\w?|lump sum|referral|overtime|mileage|expenses|fees paid|worth|savings?|portfolio"
    r"|commission|ote|on target earnings|fringe|lw\b|car\b)"
)
_EXTRA_BEFORE: Final = re.compile(
    rf"(?<![a-z])({_EXTRA})(?:[\s:.,(-]|\b(?:of|is|are|up|to|from|between|worth|a|an|currently|around|approx|circa|c|additional|totalling|£)\b"
    r"|\b(?:paid|payments?|payable|at|rates?|per|night|shift|total|maximum|packages?|assistance|support|fees)\b)*$"
)
_EXTRA_AFTER: Final = re.compile(
    r"(?:\s|/|\b(?:per|annum|pa|p\.a\.?|p/a|a|year|month|per month|annual|additional|taxable|contractual|towards|extra|of|in)\b"
    r"|\bper (?:day|night|week|shift)(?= (?:sleep|on[ -]?call|stand[ -]?by|call[ -]?out)))*"
    rf"((?:(?!plus|and|inc|with|excl)[a-z-]{{1,20}} ){{0,3}}allowances?|{_EXTRA}(?:\s{_EXTRA})?)(?![a-z])"
)
_MANAGED_AFTER: Final = re.compile(
    r"\s?(?:annual |capital |revenue )?(?:(budgets?|turnover|portfolio))\b(?! (?:holder|manager|officer))"
)
_SENTENCE_ENDS: Final = re.compile(r"(?<!approx)(?<!\bc)\.(?=\s)")
_ITEM_ENDS: Final = re.compile(r"[.,](?=\s)")
_OTHER_TIMES: Final = r"(?:weekends?|saturdays?|sundays?|bank holidays?)"
_OTHER_TIMES_BEFORE: Final = re.compile(
    rf"\b{_OTHER_TIMES}(?:[\s:(-]|\b(?:rates?|pay|paid|at|of|is|are)\b)*$"
)
_OTHER_TIMES_AFTER: Final = re.compile(
    rf"(?:\s|/|\b(?:per|an|hour|hr|ph|p/h|day|on|at|for)\b)*{_OTHER_TIMES}\b"
)
_INCLUDED: Final = re.compile(
    r"\b(?:inc|incl|including|includes|inclusive|incorporating|eligible)\b[^£]{0,60}$"
)
_ADDING: Final = re.compile(r"\b(?:with|plus|and)\b[^£]{0,60}$")
_ADDED: Final = re.compile(
    r"(?:\+|\bplus|\badditional|\bextra|\bincluding|\binclusive of|\bincludes|\bincl?\.?|\bincluding a)(?:\s?(?:up to|a|an|additional|extra|further|circa|of|potential|£|c\.))*\s?$"
)
_LATER: Final = re.compile(
    r"\b(?:progress\w*|potential\w*|scope|leading to|upon (?:successful )?completion|on (?:successful )?completion|previously|was formerly)[^;£]{0,100}$"
)
_OTE_BEFORE: Final = re.compile(
    r"\b(?:ote|on[ -]target earnings?|commission|earn(?:ings)?)(?:[\s:.,(-]|\b(?:of|up|to|is|potential|circa|c|around)\b)*$"
)
_OTE_AFTER: Final = re.compile(
    r"(?:\s|[(-]|k\b|\b(?:per annum|pa|p\.a\.?|uncapped|realistic|year 1|first year)\b)*(?:\+\s?ote\b(?![^a-z]{0,3}£)|ote\b|on[ -]target|commission|\bbonus)"
)


def bound_of(before: str, after: str) -> Bound | None:
    """Whether the words right around one amount make it the top or the bottom of a range nobody printed."""
    if _UP_TO.search(before[-60:]):
        return "up to"
    if _FROM.search(before[-90:]):
        return "from"
    rest = after[:80]
    reached = _RATE_WORDS.match(rest)
    rest = rest[reached.end() :] if reached else rest
    if _THEN_UP.match(rest):
        return "up to"
    return "from" if _THEN_ON.match(rest) or _THEN_ON.match(after) else None


def earned_on_target(before: str, after: str) -> bool:
    """Whether an amount is what a good year's commission might make it."""
    return bool(_OTE_BEFORE.search(before[-60:]) or _OTE_AFTER.match(after[:50]))


def paid_at_other_times(before: str, after: str) -> bool:
    """Whether an amount is the rate of a weekend or a bank holiday only: "(£15.00 weekends)"."""
    return bool(_OTHER_TIMES_BEFORE.search(before[-60:]) or _OTHER_TIMES_AFTER.match(after[:50]))


def extra_named(before: str, after: str, *, main: bool) -> tuple[str, int] | None:
    """The allowance, weighting, bonus or other extra that an amount is, in the advert's words; None for pay itself.

    Beside the words, how many characters of `after` they take: those name this amount and not the next one
    ("£5,000 golden hello, £38,000").
    `main` says that it is the first amount and of a size no extra reaches: "salary and benefits £30,000" adds
    nothing to anything, and "pension, £30,000" is two items of a list. "No sleep-ins. £12.90" is two sentences.
    "£41,732 (inclusive of a market supplement)" and "London weighting included £36,438" are pay all the same.
    """
    behind = _EXTRA_BEFORE.search(before[-80:])
    ends = _ITEM_ENDS if main else _SENTENCE_ENDS
    if behind and ")" not in behind.group() and not ends.search(behind.group()):
        told = before[-80:][: behind.start()]
        if not _INCLUDED.search(told) and not (main and _ADDING.search(told)):
            return behind[1].strip(), 0
    ahead = (_MANAGED_AFTER if main else _EXTRA_AFTER).match(after[:80])
    return (ahead[1].strip(), ahead.end()) if ahead else None


def added_on_top(before: str) -> bool:
    """Whether an amount is printed as a part of, or an addition to, one before it: "+ £2,000", "including £1,500"."""
    return _ADDED.search(before[-50:]) is not None


def comes_later(before: str) -> bool:
    """Whether an amount is what the job may lead to, not what it pays: "with progression to £34,610"."""
    return _LATER.search(before[-130:]) is not None
