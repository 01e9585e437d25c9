"""Made-up buildings and facilities: what stands in a compound or community, and what is known of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from greenward.config.demonstration.answers import Values
from greenward.config.demonstration.chance import around, chance, dice_of, parted
from greenward.config.demonstration.compounds import Compound
from greenward.config.demonstration.sheets import Sheet

BLANK = 6
"""So many percent of the answers that may be missing are."""
MAY_LACK = ("entrances", "structure", "energy_state", "seismic_state")
HIGH = 7
"""From so many storeys on a building has lifts."""
TREES = (("国槐", 150), ("侧柏", 320), ("银杏", 210), ("油松", 180), ("圆柏", 340))
FIRST_GRADE_YEARS = 300
SPOTS = ("北门内道路低洼处", "地下车库坡道口", "东侧便道", "中心花园步道")
SITES = (
    ("普查登记四合院", "surveyed_relic", "none"),
    ("历史建筑旧厂房", "historic_building", "none"),
    ("古碑", "protected_site", "district"),
)


@dataclass(frozen=True)
class Unit:
    """A building or facility: its name, its form (a facility's sort too), and what is answered of it."""

    form: str
    name: str
    values: Values


def buildings_of(code: str, compound: Compound) -> list[Unit]:
    """Return every building of the compound with ``code``: their households add up to the compound's."""
    dice = dice_of(f"buildings {code}")
    told = compound.values
    households, number = int(str(told["households"])), int(str(told["buildings"]))
    area = int(str(told["floor_area_m2"]))
    old = told.get("is_old") is True
    shares = parted(dice, households, number)
    return [
        Unit("building", f"{n}号楼", _building(dice, f"{n}号楼", share, area * share // households, old=old))
        for n, share in enumerate(shares, 1)
    ]


def _building(dice: Random, name: str, households: int, area: int, *, old: bool) -> Values:
    storeys = dice.choice((5, 6, 6, 6, 12) if old else (6, 11, 16, 18, 24))
    has = storeys >= HIGH
    energy = dice.choice(("wasteful", "retrofitted", "wasteful") if old else ("saving",))
    values: Values = {
        "name": name,
        "storeys": storeys,
        "entrances": max(1, min(households, dice.randrange(1, 7))),
        "households": households,
        "floor_area_m2": area,
        "structure": dice.choice(("brick_concrete", "brick_concrete", "prefabricated"))
        if not has
        else dice.choice(("frame", "shear_wall", "shear_wall")),
        "lift": "has" if has else dice.choice(("possible", "possible", "impossible")),
        "energy_state": energy,
        "seismic_state": dice.choice(("safe", "strengthened", "not_examined", "weak") if old else ("safe",)),
    }
    if energy != "wasteful":
        values["insulated_area_m2"] = round(around(dice, area * 0.45, 0.2))
    blank = {
        one for one in ("entrances", "structure", "energy_state", "seismic_state") if chance(dice, BLANK)
    }
    if "energy_state" in blank:
        blank.add("insulated_area_m2")
    if has:
        values["lifts"] = dice.choice((1, 2, 2, 3))
    return {name: value for name, value in values.items() if name not in blank}


def lifts_of(community: str, compound: str, building: Unit) -> Iterator[Unit]:
    """Yield the register's lifts of a building."""
    number = building.values.get("lifts", 0)
    for n in range(1, int(str(number)) + 1):
        name = f"演示{community[-6:]}-{compound[-3:]}-{building.name}-{n}"
        dice = dice_of(f"lift {community} {compound} {building.name} {n}")
        added = int(str(building.values["storeys"])) < HIGH
        values: Values = {
            "number": name,
            "building": building.name,
            "installed_in": dice.randrange(2003, 2021),
            "added_later": added,
            "state": dice.choice(("running",) * 8 + ("faulty", "stopped")),
            "next_inspection_on": str(date(2022, 1, 5) + timedelta(days=dice.randrange(360))),
            "maintained_by": "演示电梯维保单位",
        }
        yield Unit("lift", name, values)


def facilities_of(code: str, sheet: Sheet, day: date, centre: tuple[float, float]) -> Iterator[Unit]:
    """Yield the spots that flood, the old trees and the relics that the community counts, one by one."""
    dice = dice_of(f"facilities {code}")
    for n in range(_counted(sheet, "drainage_spots_total")):
        yield Unit("drainage-spot", f"{SPOTS[n % len(SPOTS)]}", _spot(dice, SPOTS[n % len(SPOTS)], centre))
    for n in range(1, _counted(sheet, "old_trees_total") + 1):
        number = f"演示{code[-6:]}-{n:03}"
        yield Unit("old-tree", number, _tree(dice, number, day, centre))
    for n in range(_counted(sheet, "heritage_sites_total")):
        name, kind, grade = SITES[n % len(SITES)]
        values = {"name": f"演示{name}", "kind": kind, "grade": grade}
        yield Unit(
            "heritage-site", f"演示{name}", values | _kept(dice, day, centre, ("good", "good", "fair"))
        )


def _counted(sheet: Sheet, name: str) -> int:
    return sheet.number(name) or 0


def _spot(dice: Random, name: str, centre: tuple[float, float]) -> Values:
    treated = chance(dice, 45)
    values: Values = {
        "name": name,
        "position": _near(dice, centre),
        "depth_cm": round(around(dice, 18, 0.3)),
        "flooded_area_m2": round(around(dice, 60, 0.35)),
        "cause": dice.choice(("low_ground", "blocked", "too_narrow", "no_drain")),
        "treated": treated,
    }
    return values | ({"treated_on": f"2021-0{dice.randrange(4, 10)}-15"} if treated else {})


def _tree(dice: Random, number: str, day: date, centre: tuple[float, float]) -> Values:
    species, age = dice.choice(TREES)
    age += dice.randrange(-15, 30)
    return {
        "number": number,
        "species": species,
        "grade": "first" if age >= FIRST_GRADE_YEARS else "second",
        "age_years": age,
    } | _kept(dice, day, centre, ("good", "good", "good", "weak"))


def _kept(dice: Random, day: date, centre: tuple[float, float], conditions: tuple[str, ...]) -> Values:
    return {
        "position": _near(dice, centre),
        "keeper": "演示管护单位",
        "condition": dice.choice(conditions),
        "last_patrol_on": str(day - timedelta(days=dice.randrange(3, 90))),
    }


def _near(dice: Random, centre: tuple[float, float]) -> str:
    east, north = (value + dice.uniform(-0.006, 0.006) for value in centre)
    return f"{east:.5f},{north:.5f}"
