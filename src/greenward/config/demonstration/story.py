"""What each community would have answered, and when: made up from its code alone, so always the same.

A community has a fate: surveyed or not, taking part or not, and a day from which it meets every item,
or never. Answers follow from the fate; rates per district spread around what the policy expected.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from greenward.config.demonstration.answers import Values
from greenward.config.demonstration.chance import chance, dice_of
from greenward.config.demonstration.compounds import Compound, Estate, compounds_of

FIRST_DAY = date(2021, 10, 20)
AS_OF = date(2022, 9, 15)
UPDATES = (date(2021, 12, 20), date(2022, 3, 15), date(2022, 6, 8), date(2022, 8, 20))
RESURVEY = UPDATES[2]

UTILITIES = (
    "water_supply", "drainage", "power_supply", "telecom_lines", "roads", "gas_supply", "fire_facilities",
    "waste_facilities",
)  # fmt: skip

# What a gap looks like in the answers, by item of the standard, and how common it is.
GAPS: dict[str, tuple[int, Values]] = {
    "1": (2, {"partners_taking_part": 0}),
    "2": (3, {"deliberations_last_year": 0}),
    "3": (6, {"professionals_assigned": False, "professional_visits_last_year": 0}),
    "4": (6, {"telecom_lines": "damaged"}),
    "5": (9, {"sponge_measures": False}),
    "7": (2, {"activity_grounds": 0}),
    "8": (8, {"parking_orderly": False, "life_passage_blocked": 2}),
    "9": (9, {"barrier_free_facilities": False}),
    "10": (6, {"noise_treated": False}),
    "11": (5, {"smart_security": False}),
    "13": (2, {"education_system": False}),
    "15": (4, {"last_training_on": "2020-11-18"}),
    "16": (3, {"convention_published": False}),
}
UNASKED = (
    "noise_complaints_closed",
    "telecom_lines",
    "sponge_measures",
    "barrier_free_facilities",
    "gas_supply",
)


@dataclass
class Story:
    """One community's year: its answers by day, its compounds, its part in the programme.

    ``good`` is what it answers once it meets every item, ``gaps`` what stands in the way before.
    """

    answers: list[tuple[date, Values]] = field(default_factory=list)
    compounds: list[Compound] = field(default_factory=list)
    takes_part_from: date | None = None
    is_willing: bool = False
    meets_from: date | None = None
    resurveyed_on: date | None = None
    good: Values = field(default_factory=dict)
    gaps: Values = field(default_factory=dict)


def district_pace(code: str) -> float:
    """Return the share of its communities that a district brings to the mark by ``AS_OF``."""
    return dice_of(f"pace {code}").uniform(0.42, 0.70)


def story_of(code: str, name: str, district: str, *, like: Mapping[str, object] | None = None) -> Story:
    """Return the made-up year of the community with ``code``.

    ``like`` are another's good answers, whose numbers it copied.
    """
    dice = dice_of(f"story {code}")
    surveyed, resurveyed = chance(dice, 96), chance(dice, 90)
    meets_from = _day_of_meeting(dice, district_pace(district))
    story = Story(is_willing=chance(dice, 50), meets_from=meets_from)
    if chance(dice, 97 if meets_from is not None else 45):
        story.takes_part_from = FIRST_DAY + timedelta(days=dice.randrange(60))
    if not surveyed:
        return story
    good, gaps = _good_answers(dice), _gaps(dice)
    story.good, story.gaps = (_copied(good, like) if like else good), gaps
    first = FIRST_DAY + timedelta(days=dice.randrange(30))
    jitter = timedelta(days=dice.randrange(5))
    story.resurveyed_on = RESURVEY + jitter if resurveyed else None
    days = {first, *(u + jitter for u in UPDATES)} | ({meets_from} if meets_from else set())
    story.answers = list(_told(story, sorted(d for d in days if d >= first)))
    estates = _estates(dice, sorted_all=meets_from is not None or chance(dice, 85))
    story.compounds = compounds_of(code, name, int(str(story.good["households"])), estates)
    return story


def _told(story: Story, days: Sequence[date]) -> Iterator[tuple[date, Values]]:
    """Yield what the community says on each day: what changed, and everything when it is surveyed again."""
    current: Values = {}
    for day in days:
        met = story.meets_from is not None and day >= story.meets_from
        target = {**story.good, **({} if met else story.gaps)}
        if "last_post_on" not in story.gaps or met:
            target["last_post_on"] = day.isoformat()
        if met and day >= RESURVEY:
            target["last_training_on"] = (day - timedelta(days=20)).isoformat()
        full = day == story.resurveyed_on
        changed = {k: v for k, v in target.items() if full or current.get(k, current) != v}
        if changed:
            yield day, changed
            current.update(changed)


def _copied(good: Values, like: Mapping[str, object]) -> Values:
    """Return answers with another's numbers, and with what the numbers hang on."""
    hang_on = {"heritage_present", "heritage_protected"}
    taken = {name: value for name, value in like.items() if type(value) is int or name in hang_on}
    return {name: value for name, value in good.items() if name not in hang_on} | taken


def _day_of_meeting(dice: Random, pace: float) -> date | None:
    if dice.random() >= pace:
        return None
    if chance(dice, 50):
        return FIRST_DAY + timedelta(days=dice.randrange(62))
    return date(2022, 1, 1) + timedelta(days=dice.randrange(256))


def _good_answers(dice: Random) -> Values:
    households = dice.randrange(600, 3600)
    population = int(households * dice.uniform(2.1, 2.8))
    area = dice.randrange(120_000, 900_000)
    complaints = (0, 0, *range(3, 13))[dice.randrange(12)]
    works = chance(dice, 60)
    heritage = chance(dice, 20)
    utilities: Values = {u: dice.choice(("good", "good", "aging")) for u in UTILITIES}
    return utilities | {
        "households": households,
        "population": population,
        "population_60": int(population * dice.uniform(0.14, 0.32)),
        "land_area_m2": area,
        "co_creation_mechanism": True,
        "partners_taking_part": 3 + dice.randrange(2, 15),
        "deliberation_platform": True,
        "deliberations_last_year": 3 + dice.randrange(1, 13),
        "professionals_assigned": True,
        "professional_visits_last_year": dice.randrange(1, 9),
        "road_hazards_treated": True,
        "sponge_measures": True,
        "works_took_place": works,
        **({"green_products_used": True} if works else {}),
        "green_area_m2": int(area * dice.uniform(0.2, 0.4)),
        "green_layout_reasonable": True,
        "activity_grounds": dice.randrange(1, 8),
        "parking_orderly": True,
        "life_passage_blocked": 0,
        "age_friendly_space": True,
        "barrier_free_facilities": True,
        "noise_treated": True,
        "noise_complaints": complaints,
        "noise_complaints_closed": complaints,
        "smart_security": True,
        "education_system": True,
        "venue_exists": True,
        "last_training_on": (date(2021, 9, 17) + timedelta(days=dice.randrange(30))).isoformat(),
        "convention_published": True,
        "heritage_present": heritage,
        **({"heritage_protected": True} if heritage else {}),
    }


def _gaps(dice: Random) -> Values:
    """Return the answers that stand in the way: unmet items, or fields nobody filled in."""
    gaps: Values = {}
    if chance(dice, 18):
        return dict.fromkeys(dice.sample(UNASKED, k=dice.randrange(1, 3)))
    names = list(GAPS)
    for item in dice.choices(names, weights=[GAPS[n][0] for n in names], k=dice.randrange(1, 4)):
        gaps |= GAPS[item][1]
    if chance(dice, 15):
        gaps["last_post_on"] = "2021-06-11"
    return gaps


def _estates(dice: Random, *, sorted_all: bool) -> list[Estate]:
    count = dice.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 6))
    managed = [True] * count if sorted_all else [chance(dice, 40) for _ in range(count)]
    unsorted = None if sorted_all else dice.randrange(count)
    return [Estate(managed[n], n != unsorted) for n in range(count)]
