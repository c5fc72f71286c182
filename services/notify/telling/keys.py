"""Keys: words by which those who may want a piece of news are found without reading what everybody chose. Pure.

The database keeps for each choice the keys of its subscriptions (`wanted_keys` in the migrations): the topic with each
value of its narrowest filter, or with a star. A contact that wants the news has one of the keys given here; not every
contact that has one wants it, so `audience.wanting` has the last word. Filters of topics that come seldom, and those
that do not always count, are not in the keys.
"""

from services.notify.telling.news import News


def keys(news: News) -> list[str]:
    """The keys of all that may want this."""
    every = [f"{news.topic}|*"]
    if news.topic not in ("new role", "offer below market"):
        return every
    facts = news.facts
    found = {
        "standard_roles": facts.standard_roles,
        "boroughs": facts.boroughs,
        "levels": facts.levels,
        "families": facts.families,
        "areas": facts.areas,
    }
    return every + sorted(
        f"{news.topic}|{name}|{value}" for name, values in found.items() for value in values or ()
    )
