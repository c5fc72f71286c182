"""What help can be asked for: each kind of supporter, in words, and what its form asks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast, get_args

from loti_contracts.events import HelpKind, Purpose, Result

KINDS: Final[tuple[HelpKind, ...]] = get_args(HelpKind)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of help. The words stand on its page and in lists."""

    kind: HelpKind
    one: str
    """`a recruiter`"""
    name: str
    """`Recruiter`, as a supporter without a name is called: Recruiter A."""
    title: str
    what: str
    """What it is good for, in a sentence."""
    purposes: tuple[Purpose, ...]
    """What may be asked of them; the first is what they usually do."""
    results: tuple[Result, ...]
    """What may come of an introduction, as matching takes it."""
    role_label: str
    role_hint: str
    level_label: str
    skills_label: str
    fields: frozenset[str]
    """What its form asks beyond what every form asks."""


_RECRUITER = Kind(
    kind="recruiter",
    one="a recruiter",
    name="Recruiter",
    title="Ask for help to recruit",
    what="Somebody who hires for digital roles and helps you to fill one: advert, sifting, interviews.",
    purposes=("recruitment", "advice"),
    results=("hired", "advised", "ongoing", "nothing"),
    role_label="Which role do you want to fill?",
    role_hint="With a standard role you get its pay benchmark and the live adverts like it, beside the shortlist.",
    level_label="At which level?",
    skills_label="Skills that the recruiter should know how to find",
    fields=frozenset({"role", "level", "weeks"}),
)
_MENTOR = Kind(
    kind="mentor",
    one="a mentor",
    name="Mentor",
    title="Ask for a mentor",
    what="Somebody more senior, from another borough, who meets one of your people regularly.",
    purposes=("mentoring", "advice"),
    results=("mentored", "advised", "ongoing", "nothing"),
    role_label="Which role does the person have, or want to grow into?",
    role_hint="Mentors who know the role, or one of its family, come first.",
    level_label="At which level is the person now?",
    skills_label="Skills that the person wants to learn",
    fields=frozenset({"role", "level", "weeks", "minimum_level", "languages"}),
)
_UNIVERSITY = Kind(
    kind="university",
    one="a university",
    name="University",
    title="Ask for a university partner",
    what="A department that places a PhD student with you, lends you a researcher, or gives advice.",
    purposes=("placement", "secondment", "advice"),
    results=("placed", "hired", "advised", "ongoing", "nothing"),
    role_label="Which role comes nearest to the work?",
    role_hint="Leave it open where the skills say it better.",
    level_label="At which level?",
    skills_label="Skills or subjects that the work needs",
    fields=frozenset({"role", "weeks"}),
)
_TRAINING = Kind(
    kind="training",
    one="a training provider",
    name="Training provider",
    title="Ask for training or an apprenticeship",
    what="A provider of courses or apprenticeships for your people.",
    purposes=("training", "advice"),
    results=("enrolled", "advised", "ongoing", "nothing"),
    role_label="Which role are people to be trained for?",
    role_hint="Leave it open where an apprenticeship standard or the skills say it better.",
    level_label="At which level are they now?",
    skills_label="Skills that are to be learnt",
    fields=frozenset({"role", "level", "weeks", "standard"}),
)
HELP: Final[Mapping[HelpKind, Kind]] = {
    one.kind: one for one in (_RECRUITER, _MENTOR, _UNIVERSITY, _TRAINING)
}
"""Every kind of help, in the order in which it is offered."""

PURPOSES: Final[Mapping[Purpose, str]] = {
    "recruitment": "Filling a role",
    "mentoring": "Mentoring",
    "placement": "A placement: a PhD student works with you for some weeks",
    "secondment": "A secondment: a researcher works for you for some months",
    "training": "Training or an apprenticeship",
    "advice": "Advice: a conversation or two",
}
RESULTS: Final[Mapping[Result, str]] = {
    "hired": "Somebody was hired",
    "mentored": "Mentoring took place",
    "placed": "Somebody took up a placement or secondment",
    "enrolled": "Somebody enrolled in training",
    "advised": "Advice was given",
    "ongoing": "It is still going on",
    "nothing": "Nothing came of it",
}


def kind_of(name: str) -> Kind | None:
    """The kind of help of that name; None where there is none."""
    return HELP.get(cast(HelpKind, name))


def asked_for(kind: HelpKind, standard_role: str | None, purpose: Purpose | None = None) -> str:
    """`A recruiter for Enterprise architect`: what a request is about, in a few words."""
    it = HELP[kind]
    words = it.one if purpose in (None, it.purposes[0]) else f"{it.one} ({purpose})"
    return f"{words[0].upper()}{words[1:]}{f' for {standard_role}' if standard_role else ''}"
