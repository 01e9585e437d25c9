"""Everything that is said of the demonstration's places, in the order of time, written at once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone

from greenward.config.demonstration.chance import chance, dice_of
from greenward.config.demonstration.places import Community
from greenward.core.bulk import analyse, copy_rows
from greenward.survey.models import Entry, Round
from greenward.survey.states import Way
from greenward.territories.models import Level

COLUMNS = (
    "round_id", "form", "level", "place_id", "values", "way", "origin", "observed_on", "reasons", "at",
    "by_id",
)  # fmt: skip
FIELD_APP = "community 2021.2"
"""What an app's form says of itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """One entry: who said what of which place, when, by which way, and why it stands."""

    at: datetime
    community: int
    place: int
    values: Mapping[str, object]
    round: int
    form: str = "community"
    level: Level = Level.COMMUNITY
    way: Way = Way.FORM
    origin: str = ""
    observed_on: date | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    by: int | None = None

    def row(self) -> tuple[object, ...]:
        """Return the row of the table that keeps it."""
        return (
            self.round, self.form, self.level.value, self.place, _text(self.values), self.way.value,
            self.origin, self.observed_on, _text(self.reasons), self.at, self.by,
        )  # fmt: skip


@dataclass(frozen=True)
class Survey:
    """The two rounds, and who works for each place (its code → the person's id)."""

    first: Round
    second: Round
    people: Mapping[str, int]

    def on(self, day: date) -> Round:
        """Return the round that takes what is said on a day."""
        return self.second if day >= self.second.opens_on else self.first


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of ``day``, local time."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def morning(day: date) -> datetime:
    """Return the moment at which communities fill in their forms."""
    return moment(day, 10)


def _text(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False)


def answers(communities: Sequence[Community], survey: Survey) -> Iterator[Said]:
    """Yield what communities and their compounds answer, first and when they are surveyed again."""
    for one in communities:
        if one.story.answers:
            yield from _compounds(one, survey)
            yield from _own(one, survey)


def _own(one: Community, survey: Survey) -> Iterator[Said]:
    by = survey.people.get(one.code)
    by_app = chance(dice_of(f"way {one.code}"), 25)
    for number, (day, values) in enumerate(one.story.answers):
        held, reasons = survey.on(day).pk, {}
        if number == 0:
            values, reasons = {**values, **one.sheet.first}, one.sheet.reasons  # noqa: PLW2901 — the rest of the form
        elif day == one.story.resurveyed_on:
            values = {**values, **one.sheet.later}  # noqa: PLW2901 — the same
        if number == 0 and by_app:
            yield Said(
                moment(day, 17, 20), one.pk, one.pk, values, held, reasons=reasons, by=by,
                way=Way.FIELD_APP, origin=FIELD_APP, observed_on=day,
            )  # fmt: skip
        else:
            yield Said(morning(day), one.pk, one.pk, values, held, reasons=reasons, by=by)


def _compounds(one: Community, survey: Survey) -> Iterator[Said]:
    day, again = one.story.answers[0][0], one.story.resurveyed_on
    for pk, compound in zip(one.compounds, one.story.compounds, strict=True):
        yield _of_compound(one, pk, {"name": compound.name, **compound.values}, day, survey)
        if again and compound.later:
            yield _of_compound(one, pk, compound.later, again, survey)


def _of_compound(one: Community, pk: int, values: Mapping[str, object], day: date, survey: Survey) -> Said:
    return Said(
        moment(day, 9, 30), one.pk, pk, values, survey.on(day).pk,
        form="compound", level=Level.COMPOUND, by=survey.people.get(one.code),
    )  # fmt: skip


def write(said: Iterable[Said], *, since: date, until: date) -> list[int]:
    """Write what was said on the days ``[since, until)``, the oldest first.

    Returns the ids of the communities that it is about.
    """
    first, last = moment(since, 0), moment(until, 0)
    rows = sorted((one for one in said if first <= one.at < last), key=_order)
    copy_rows(Entry, COLUMNS, (one.row() for one in rows))
    analyse(Entry)
    return sorted({one.community for one in rows})


def _order(one: Said) -> tuple[datetime, int]:
    return one.at, one.place
