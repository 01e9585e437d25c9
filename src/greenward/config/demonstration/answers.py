"""What a community answers beyond the items of the standard: the rest of the pack's dictionary.

Sizes follow from its households, people and area, so that they hold against each other; some stay blank.
"""

from collections.abc import Mapping
from random import Random

from greenward.config.demonstration.chance import around, chance, dice_of

Values = dict[str, object]

BLANK = 7
"""So many percent of these questions nobody answered at first."""
CAUGHT_UP, FILLED_IN = 85, 88
"""So many percent of the communities surveyed again fill in blanks, and so many of theirs."""
TAKEN_BACK = 3
"""So many percent of the communities surveyed again take an answer back as not known."""
MOVING = (
    "bin_stations", "cameras", "controlled_gates", "notice_boards", "overhead_lines_m", "road_damage_spots",
    "street_lamps", "kitchen_waste_share", "sorting_accuracy", "ramps",
)  # fmt: skip
"""What moves a little from one round to the next."""
SHARES = frozenset({"kitchen_waste_share", "sorting_accuracy"})
PERIODS = (("morning", "07:00", "09:00"), ("evening", "18:00", "20:00"))


def further_answers(seed: str, base: Mapping[str, object]) -> tuple[Values, Values]:
    """Return the answers beside ``base`` (what the standard's items asked), and those left blank at first.

    ``seed`` is the community's code; whatever ``base`` says, the dice fall in the same order.
    """
    dice = dice_of(f"answers {seed}")
    households, people, area = (_number(base, name) for name in ("households", "population", "land_area_m2"))
    values = {
        **_people(dice, people, _number(base, "population_60")),
        **_pipes(dice, area),
        **_ground(dice, area, _number(base, "green_area_m2")),
        **_waste(dice, households),
        **_access(dice, households, area),
        **_noise_and_devices(dice, households),
        **_culture(dice, seed),
    }
    present = _heritage(dice)
    blank = {name for name in values if chance(dice, BLANK)}
    if base["heritage_present"]:
        values |= present
    if chance(dice, 80):
        asked = int(households * dice.uniform(0.2, 0.7))
        values |= {"households_asked": asked, "households_willing": int(asked * dice.uniform(0.6, 0.95))}
    told = {name: value for name, value in values.items() if name not in blank}
    return told, {name: value for name, value in values.items() if name in blank}


def later_answers(seed: str, told: Mapping[str, object], left: Mapping[str, object]) -> Values:
    """Return what differs when the community is surveyed again.

    ``told`` is what it said before, ``left`` what it had left blank.
    """
    dice = dice_of(f"answers again {seed}")
    catches_up = chance(dice, CAUGHT_UP)
    found = {name: value for name, value in left.items() if chance(dice, FILLED_IN) and catches_up}
    for name in MOVING:
        moves, share = chance(dice, 40), dice.uniform(0.92, 1.08)
        value = told.get(name)
        if moves and isinstance(value, int | float):
            found[name] = _moved(name, value, share)
    back = [name for name in ("heat_pipe_m", "tactile_paving_m", "roadside_spaces") if name in told]
    if back and chance(dice, TAKEN_BACK):
        found[dice.choice(back)] = None
    return {name: value for name, value in found.items() if value != told.get(name)}


def _moved(name: str, value: float, share: float) -> float:
    return round(min(value * share, 99), 1) if name in SHARES else round(value * share)


def _number(values: Mapping[str, object], name: str) -> int:
    return int(str(values[name]))


def _people(dice: Random, people: int, over_60: int) -> Values:
    over_65 = int(over_60 * dice.uniform(0.62, 0.78))
    return {
        "population_65": over_65,
        "population_80": int(over_65 * dice.uniform(0.16, 0.26)),
        "disabled_residents": int(around(dice, people * 0.025)),
        "children_0_3": int(around(dice, people * 0.024)),
        "children_3_6": int(around(dice, people * 0.034)),
        "rented_share": round(dice.uniform(8, 36), 1),
    }


def _pipes(dice: Random, area: int) -> Values:
    heated = not chance(dice, 8)
    values: Values = {
        "heat_supply": dice.choice(("good", "good", "aging")) if heated else "not_needed",
        "rain_sewage_separation": dice.choice(("full", "full", "partly", "none")),
        "water_pipe_m": int(around(dice, area * 0.012)),
        "drainage_pipe_m": int(around(dice, area * 0.010)),
        "overhead_lines_m": int(around(dice, area * 0.002, 0.4)) * (not chance(dice, 30)),
    }
    warm: Values = {
        "heat_pipe_m": int(around(dice, area * 0.008)),
        "heat_renewed_in": dice.randrange(2003, 2022),
    }
    years = {
        f"{kind}_renewed_in": dice.randrange(1998, 2022) for kind in ("water", "drainage", "power", "gas")
    }
    return {**values, **years, **(warm if heated else {})}


def _ground(dice: Random, area: int, green: int) -> Values:
    rate = round(green / area * 100, 1)
    return {
        "road_damage_spots": round(around(dice, area * 2e-5, 0.35)),
        "life_passages": round(around(dice, max(4, area * 1.5e-5))),
        "street_lamps": round(around(dice, area * 4e-4)),
        "saving_lamps_share": round(dice.uniform(45, 100), 1),
        "green_rate": rate,
        "canopy_rate": round(rate + dice.uniform(3, 14), 1),
        "shaded_ground_m2": int(around(dice, area * 0.01, 0.35)),
        "permeable_area_m2": int(around(dice, area * 0.08)),
        "fitness_grounds": dice.randrange(2, 9),
        "drainage_spots_total": dice.choice((0, 0, 0, 1, 1, 2, 3)),
        "roadside_spaces": round(around(dice, area * 2e-4, 0.4)),
    }


def _waste(dice: Random, households: int) -> Values:
    stations = max(4, round(around(dice, households * 0.012)))
    return {
        "bin_stations": stations,
        "waste_posts": dice.choice((0, 1, 1, 2, 2, 3)),
        "four_kinds_collected": chance(dice, 92),
        "attended_hours": [
            {"period": period, "from": start, "until": end, "stations": stations}
            for period, start, end in PERIODS
        ],
        "kitchen_waste_share": round(dice.uniform(14, 30), 1),
        "sorting_accuracy": round(dice.uniform(68, 97), 1),
    }


def _access(dice: Random, households: int, area: int) -> Values:
    return {
        "ramps": dice.randrange(8, 40),
        "handrails_m": int(around(dice, area * 0.002)),
        "tactile_paving_m": int(around(dice, area * 0.001, 0.35)),
        "barrier_free_parking": dice.randrange(3, 14),
        "age_friendly_homes": int(around(dice, households * 0.01, 0.35)),
        "elderly_care_stations": dice.choice((0, 1, 1, 1, 2)),
        "meal_points": dice.choice((0, 1, 1, 2)),
        "health_station": chance(dice, 65),
    }


def _noise_and_devices(dice: Random, households: int) -> Values:
    return {
        "noise_zone": dice.choice(("class_1", "class_1", "class_1", "class_2", "class_2", "class_4a")),
        "noise_points": dice.choice((0, 1, 1, 2, 2, 3)),
        "noise_screens": dice.choice((0, 0, 1, 1, 2)),
        "noise_convention": chance(dice, 70),
        "controlled_gates": max(4, round(around(dice, households * 0.01))),
        "cameras": max(6, round(around(dice, households * 0.05))),
        "falling_object_cameras": dice.choice((0, 0, 2, 3, 4, 5, 6)),
        "fire_alarm_networked": chance(dice, 55),
        "platform_connected": chance(dice, 75),
    }


def _culture(dice: Random, seed: str) -> Values:
    schools: list[Values] = [
        {"name": f"演示{name}（{seed[-3:]}）", "kind": kind, "activities_last_year": dice.randrange(1, 9)}
        for kind, name, percent in (("kindergarten", "幼儿园", 60), ("primary", "小学", 35))
        if chance(dice, percent)
    ]
    boards = {"notice_boards": dice.randrange(4, 20), "display_screens": dice.choice((0, 1, 1, 2, 2, 3))}
    return {**boards, **({"schools": schools} if schools else {})}


def _heritage(dice: Random) -> Values:
    sites, trees = dice.choice((0, 0, 1, 2)), dice.choice((1, 2, 2, 3, 5))
    return {"heritage_sites_total": sites, "old_trees_total": trees}
