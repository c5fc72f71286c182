"""What the three files of a round look like, with an example row each that goes together."""

from typing import Final, Literal

Which = Literal["supply", "demand", "conflicts"]

TEMPLATES: Final[dict[Which, str]] = {
    "supply": (
        "id,name,borough,roles,skills,level,capacity\n"
        "m-1,Ben Okoro,Hackney,Data engineer;Data analyst,Python;SQL,lead,2\n"
    ),
    "demand": (
        "id,name,borough,role,skills,level\n"
        "p-1,Asha Khan,London Borough of Camden,Data engineer,Python;SQL,practitioner\n"
    ),
    "conflicts": "supply_id,demand_id\nm-1,p-1\n",
}

NOTES: Final[dict[Which, str]] = {
    "supply": (
        "level: trainee, associate, practitioner, senior, lead, principal, head or chief.\n"
        "capacity: how many people in this round, 0 or more. Lists are parted by `;`.\n"
        "A further column, if you like: max_gap (levels above somebody at most)."
    ),
    "demand": (
        "Further columns, if you like: max_gap; line_manager and prefers (ids of the\n"
        "supply file, parted by `;`)."
    ),
    "conflicts": (
        "A further column, if you like: why; `earlier pair` and `line manager` are told\n"
        "apart from other reasons."
    ),
}
"""What a person who fills one in needs to know."""
