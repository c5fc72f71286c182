"""Places: which of a board's authorities an advert's location is in.

A board of several authorities prints where the job is, not whose it is. A postcode district decides where it
lies wholly or for the most part in one borough; districts that are shared about equally are left out, and so
decide nothing. The table is general knowledge of London's postal districts, checked against no register.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from loti_contracts.vocabulary import Authority, authorities

_DISTRICTS: Final = {
    "Barking and Dagenham": "IG11 RM8 RM9 RM10",
    "Barnet": "EN4 EN5 HA8 N2 N3 N12 N20 NW4 NW7 NW11",
    "Bexley": "DA5 DA6 DA7 DA8 DA14 DA15 DA16 DA17 DA18",
    "Brent": "HA0 HA9 NW10",
    "Bromley": "BR1 BR2 BR3 BR4 BR5 BR6 BR7 SE20",
    "Camden": "N1C NW1 NW3 NW5 W1T WC1A WC1B WC1E WC1H WC1N WC1R WC1V",
    "City of London": "EC3A EC3M EC3N EC3R EC3V EC4A EC4M EC4N EC4R EC4V EC4Y EC2V EC2R EC2N EC2M",
    "Croydon": "CR0 CR2 CR5 CR7 CR8 SE25",
    "Ealing": "UB1 UB2 UB5 UB6 W3 W5 W7 W13",
    "Enfield": "EN1 EN2 EN3 N9 N13 N14 N18 N21",
    "Greenwich": "SE3 SE7 SE9 SE10 SE18",
    "Hackney": "E5 E8 E9 N16",
    "Hammersmith and Fulham": "SW6 W6 W12 W14",
    "Haringey": "N8 N10 N15 N17 N22",
    "Harrow": "HA1 HA2 HA3 HA5 HA7",
    "Havering": "RM1 RM2 RM3 RM5 RM7 RM11 RM12 RM13 RM14",
    "Hillingdon": "HA4 HA6 UB3 UB4 UB7 UB8 UB9 UB10 UB11",
    "Hounslow": "TW3 TW4 TW5 TW7 TW8 TW13 TW14 W4",
    "Islington": "EC1R EC1V N1 N5 N7 N19",
    "Kensington and Chelsea": "SW3 SW5 SW7 SW10 W8 W10 W11",
    "Kingston upon Thames": "KT1 KT2 KT3 KT5 KT6 KT9",
    "Lambeth": "SE11 SE27 SW2 SW4 SW9 SW16",
    "Lewisham": "SE4 SE6 SE8 SE12 SE13 SE14 SE23 SE26",
    "Merton": "CR4 SM4 SW19 SW20",
    "Newham": "E6 E7 E12 E13 E15 E16 E20",
    "Redbridge": "E18 IG1 IG2 IG3 IG4 IG5 IG6",
    "Richmond upon Thames": "SW13 SW14 TW1 TW2 TW9 TW10 TW11 TW12",
    "Southwark": "SE1 SE5 SE15 SE16 SE17 SE21 SE22",
    "Sutton": "KT4 SM1 SM2 SM3 SM5 SM6",
    "Tower Hamlets": "E1 E1W E2 E3 E14",
    "Waltham Forest": "E4 E10 E11 E17",
    "Wandsworth": "SW11 SW12 SW15 SW17 SW18",
    "Westminster": "SW1A SW1E SW1H SW1P SW1V SW1W SW1Y W1 W2 W9 NW8 WC2E WC2N WC2R",
}

_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}\d{1,2}[A-Z]?) ?\d[A-Z]{2}\b")
_READ: Final = 300


def authorities_at(location: str | None, *, among: Sequence[str]) -> tuple[Authority, ...]:
    """Those of `among` (GSS codes) that the location is in, by a postcode, else by name. Empty where neither
    says. Never raises."""
    known = [authorities()[code] for code in among if code in authorities()]
    said = (location or "")[:_READ]
    codes = {_district(match[1]) for match in _POSTCODE.finditer(said.upper())}
    by_postcode = tuple(one for one in known if one.name in codes)
    if by_postcode:
        return by_postcode
    return tuple(one for one in known if re.search(rf"\b{re.escape(one.name)}\b", said, re.IGNORECASE))


def _district(outward: str) -> str | None:
    """The authority's name of `SE13` or `W1T`; None for districts that decide nothing."""
    return _names().get(outward) or _names().get(outward.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


@cache
def _names() -> dict[str, str]:
    return {district: name for name, districts in _DISTRICTS.items() for district in districts.split()}
