"""A community's made-up housing estates: their households add up to the community's."""

from dataclasses import dataclass, field
from random import Random

from greenward.config.demonstration.answers import Values
from greenward.config.demonstration.chance import around, chance, dice_of, parted

BLANK = 8
"""So many percent of the answers that may be missing are, at first."""
CAUGHT_UP = 85
"""So many percent of the compounds surveyed again fill in their blanks."""
NEEDED = frozenset({"households", "property_kind", "waste_sorting", "buildings", "floor_area_m2"})
BODIES = ("owners_committee", "management_committee", "management_committee", "none")
FIRMS = ("甲", "乙", "丙", "丁", "戊")


@dataclass
class Compound:
    """A housing estate: its name, what it answers first, leaves blank, and answers when surveyed again."""

    name: str
    values: Values
    left: Values
    later: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Estate:
    """What the community's fate fixes of a compound."""

    managed: bool
    sorting: bool


def compounds_of(seed: str, name: str, households: int, estates: list[Estate]) -> list[Compound]:
    """Return the compounds of the community with code ``seed``."""
    dice = dice_of(f"compounds {seed}")
    whole = round(households * dice.uniform(0.97, 1.03))
    shares = parted(dice, whole, len(estates))
    return [
        Compound(f"{name}{number}号院", *_first(dice, share, estate))
        for number, (share, estate) in enumerate(zip(shares, estates, strict=True), 1)
    ]


def survey_again(seed: str, compounds: list[Compound]) -> None:
    """Say what changed by the next round: blanks are filled in, renewal goes on, charging is added."""
    dice = dice_of(f"compounds again {seed}")
    for compound in compounds:
        goes_on, charges, catches_up = chance(dice, 30), chance(dice, 20), chance(dice, CAUGHT_UP)
        told = compound.values
        compound.later |= compound.left if catches_up else {}
        if goes_on and told.get("renewal_stage") == "under_way":
            compound.later |= {"renewal_done": True, "renewal_stage": None, "renewed_in": 2022}
        spaces, charging = told.get("parking_spaces"), told.get("charging_spaces")
        if charges and isinstance(spaces, int) and isinstance(charging, int):
            compound.later["charging_spaces"] = min(spaces, charging + 4)
    for compound in compounds:
        compound.later = {k: v for k, v in compound.later.items() if v != compound.values.get(k)}


def _first(dice: Random, households: int, estate: Estate) -> tuple[Values, Values]:
    old = chance(dice, 55)
    values = {
        **_building(dice, households, old=old),
        **_renewal(dice, old=old),
        **_services(dice, estate, old=old),
        **_parking(dice, households, old=old),
    }
    blank = {name for name in values if chance(dice, BLANK)} - NEEDED
    if blank & {"is_old", "renewal_done"}:
        blank |= {"is_old", "renewal_done", "renewal_stage", "renewed_in"}
    if "parking_spaces" in blank:
        blank |= {"parking_surface", "parking_underground", "charging_spaces"}
    told = {name: value for name, value in values.items() if name not in blank}
    return told, {name: value for name, value in values.items() if name in blank}


def _building(dice: Random, households: int, *, old: bool) -> Values:
    return {
        "year_built": dice.randrange(1978, 2001) if old else dice.randrange(2001, 2020),
        "buildings": max(1, round(households / around(dice, 75))),
        "households": households,
        "floor_area_m2": round(around(dice, households * 82, 0.15)),
        "ownership": dice.choice(("reformed", "reformed", "public", "mixed") if old else ("commercial",) * 4),
        "heating": dice.choice(("district", "district", "district", "boiler")),
    }


def _renewal(dice: Random, *, old: bool) -> Values:
    done, year = old and chance(dice, 40), dice.randrange(2012, 2022)
    stage = dice.choice(("not_listed", "listed", "under_way"))
    if done:
        return {"is_old": old, "renewal_done": done, "renewed_in": year}
    return {"is_old": old, "renewal_done": False, **({"renewal_stage": stage} if old else {})}


def _services(dice: Random, estate: Estate, *, old: bool) -> Values:
    kind = dice.choice(("firm", "firm", "unit", "quasi")) if estate.managed else "none"
    firm = f"演示物业服务单位{dice.choice(FIRMS)}"
    return {
        "property_kind": kind,
        **({"property_firm": firm} if estate.managed else {}),
        "owners_body": dice.choice(
            ("owners_committee", "management_committee", "management_committee", "none")
        ),
        "maintenance_fund": dice.choice(("short", "short", "none") if old else ("sufficient", "short")),
        "waste_sorting": estate.sorting,
        "security_system": chance(dice, 70),
        "entrances_barrier_free": chance(dice, 50),
    }


def _parking(dice: Random, households: int, *, old: bool) -> Values:
    spaces = max(8, round(around(dice, households * 0.45)))
    below = 0 if old else round(spaces * dice.uniform(0.5, 0.8))
    return {
        "parking_spaces": spaces,
        "parking_surface": spaces - below,
        "parking_underground": below,
        "registered_vehicles": max(8, round(around(dice, households * 0.5))),
        "parking_shortage": round(around(dice, households * 0.1, 0.35)) * (not chance(dice, 30)),
        "charging_spaces": round(spaces * dice.uniform(0.08, 0.25)),
        "bike_charging_ports": max(4, round(around(dice, households * 0.06, 0.3))),
    }
