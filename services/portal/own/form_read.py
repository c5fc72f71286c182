"""What came back from the form: what was chosen, or all that is wrong with it. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast, get_args

from loti_contracts.choices import quiet_hours, typed_or_none, whole_number, yearly_pay
from loti_contracts.events import Frequency, Subscription
from loti_contracts.vocabulary import FAMILIES, LEVELS, Area, authorities, standard_roles
from services.portal.own.form import Chosen, Form, Problem, Search
from services.portal.own.searches import FIELDS
from services.portal.own.topics import OFF, OFTEN, ROLES, Topic
from services.portal.own.wishes import Wishes

_MOST_A_DAY: Final = 1_000
_LONGEST_NAME: Final = 100
T = TypeVar("T")


def read(form: Form, topics: Sequence[Topic], before: Wishes) -> Chosen | tuple[Problem, ...]:
    """What the form says, or all that is wrong with it, in the page's order.

    What the form does not offer stays as it was: filters of other topics, topics of other people.
    """
    problems: list[Problem] = []
    if len(form.name) > _LONGEST_NAME:
        problems.append(Problem("name", f"Your name must be {_LONGEST_NAME} characters or fewer"))
    known = offers(before)
    searches = [_search(f"search-{at}", one, known, problems) for at, one in enumerate(form.searches)]
    for topic in topics:
        if form.often[topic.field] not in [value for value, _ in topic.options]:
            problems.append(Problem(topic.field, f"Choose how often you want “{topic.name}”"))
    quiet, wrong = quiet_hours(form.quiet_from, form.quiet_until, weekends=form.weekends)
    problems.extend(Problem(field, fault) for field, fault in wrong)
    most = _typed(whole_number, form.most_a_day, "most_a_day", "Most emails a day", problems)
    if most is not None and not 1 <= most <= _MOST_A_DAY:
        problems.append(Problem("most_a_day", f"Most emails a day must be between 1 and {_MOST_A_DAY:,}"))
    if problems:
        return tuple(problems)
    subscriptions = (*dict.fromkeys(one for one in searches if one), *_others(form, topics, before))
    return Chosen(" ".join(form.name.split()), subscriptions, quiet, most)


def offers(before: Wishes) -> Mapping[str, tuple[str, ...]]:
    """What each filter offers, by its name in an address: the vocabulary, and whatever else was chosen before."""
    vocabulary: dict[str, Iterable[str]] = {
        "family": FAMILIES,
        "role": standard_roles(),
        "level": LEVELS,
        "borough": authorities(),
        "area": get_args(Area),
    }
    searches = [one for one in before.subscriptions if one.topic == ROLES]
    return {
        name: tuple(
            dict.fromkeys([*values, *(value for one in searches for value in getattr(one, FIELDS[name]))])
        )
        for name, values in vocabulary.items()
    }


def _search(
    field: str, search: Search, known: Mapping[str, Sequence[str]], problems: list[Problem]
) -> Subscription | None:
    """None where it is off, or wrong."""
    if search.often not in OFTEN:
        problems.append(Problem(field, "Choose how often you want new jobs"))
        return None
    if search.often == OFF:
        return None
    found = len(problems)
    for name in FIELDS:
        if strange := [value for value in search.chosen(name) if value not in known[name]]:
            words = f"“{strange[0][:60]}” is not one that we know: choose from the list"
            problems.append(Problem(f"{field}-{name}", words))
    problems.extend(Problem(f"{field}-{name}", text) for name, text in _never(search))
    pence = _typed(yearly_pay, search.pay_from, f"{field}-pay_from", "Least pay", problems)
    if len(problems) > found:
        return None
    filters: dict[str, Any] = {FIELDS[name]: search.chosen(name) for name in FIELDS}
    return Subscription(topic=ROLES, frequency=cast(Frequency, search.often), minimum_pay=pence, **filters)


def _never(search: Search) -> Iterable[tuple[str, str]]:
    """Filters that contradict each other, so that nothing would ever come."""
    roles, boroughs = standard_roles(), authorities()
    families = search.chosen("family")
    apart = [name for name in search.chosen("role") if name in roles and roles[name].family not in families]
    if families and apart:
        family = roles[apart[0]].family
        yield "role", f"“{apart[0]}” would never come: choose the family “{family}” too, or no family"
    areas = {boroughs[gss].area for gss in search.chosen("borough") if gss in boroughs}
    if search.chosen("area") and areas and not areas & set(search.chosen("area")):
        where = search.chosen("area")[0]
        yield (
            "area",
            f"None of your boroughs is in {where} London: choose other boroughs, or no part of London",
        )


def _typed(parse: Callable[[str], T], text: str, field: str, name: str, problems: list[Problem]) -> T | None:
    found, fault = typed_or_none(parse, text, name)
    if fault:
        problems.append(Problem(field, fault))
    return found


def _others(form: Form, topics: Sequence[Topic], before: Wishes) -> Iterable[Subscription]:
    named = {topic.topic for topic in topics}
    for topic in topics:
        often = form.often[topic.field]
        known = [one for one in before.subscriptions if one.topic == topic.topic]
        if often == OFF or (topic.always and not known and often == topic.frequencies[0]):
            continue
        new = Subscription(topic=topic.topic, frequency=cast(Frequency, often))
        yield from [one.model_copy(update={"frequency": often}) for one in known] or [new]
    yield from (one for one in before.subscriptions if one.topic not in named and one.topic != ROLES)
