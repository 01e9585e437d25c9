"""What a round asks, seen from the places: which fields of which places, by which form, on what terms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from greenward.core.months import after_months
from greenward.packs import rules
from greenward.packs.schema.forms import Field, Form
from greenward.survey.models import Round
from greenward.survey.queries.rounds import forms_of
from greenward.survey.states import Asks
from greenward.territories.models import Level

NOBODY = ""
"""The holder of a field that no department holds."""


@dataclass(frozen=True)
class Kind:
    """Places about which the same is asked: a level and, for facilities, a sort."""

    level: str
    sort: str = ""


@dataclass(frozen=True)
class Asked:
    """A field as a round asks it of one kind of place: once, counted with the first form that asks it.

    ``whens`` are the conditions of the forms that ask it, ``demands`` of those that require it; None among
    them means always.
    """

    field: Field
    form: str
    section: str
    whens: tuple[str | None, ...]
    demands: tuple[str | None, ...]

    @property
    def holder(self) -> str:
        """The department that holds the answer, empty for none."""
        return self.field.holder or NOBODY

    @property
    def bucket(self) -> tuple[str, str]:
        """Under which form and department it is counted."""
        return self.form, self.holder


@dataclass(frozen=True)
class Recipe:
    """All that decides what is asked and what counts as answered, as of a day.

    ``round_id`` is None for a round that is only planned. Entries of other rounds before ``opened`` are what
    was known before the round asked anybody.
    """

    round_id: int | None
    asks: Asks
    reference_on: date
    opened: datetime
    as_of: date
    kinds: Mapping[Kind, tuple[Asked, ...]]

    @property
    def wants_compounds(self) -> bool:
        """Whether a community without any compound is incomplete."""
        return Kind(Level.COMPOUND.value) in self.kinds

    @property
    def looks_at_the_day(self) -> bool:
        """Whether any condition means something else on another day."""
        rows = [one for asked in self.kinds.values() for one in asked]
        rules_named = {rule for one in rows for rule in (*one.whens, *one.demands) if rule}
        return any(word in rule for rule in rules_named for word in ("as_of", "days_since"))

    @property
    def buckets(self) -> tuple[tuple[str, str], ...]:
        """Every form and department under which fields are counted, in order of the forms."""
        return tuple(dict.fromkeys(one.bucket for asked in self.kinds.values() for one in asked))

    def cutoff(self, field: Field) -> date | None:
        """Return the first day on which an answer must have been true to hold on the reference date."""
        return None if field.valid_months is None else first_day(self.reference_on, field.valid_months)


def recipe_of(survey_round: Round, as_of: date) -> Recipe:
    """Return what decides the counts of a round as of a day."""
    return Recipe(
        round_id=survey_round.pk,
        asks=Asks(survey_round.asks),
        reference_on=survey_round.reference_on,
        opened=start_of(survey_round.opens_on),
        as_of=as_of,
        kinds=kinds_of(forms_of(survey_round).values()),
    )


def in_order(forms: Iterable[Form]) -> list[Form]:
    """Return forms from the community's down to those of its units."""
    levels = list(Level)
    return sorted(forms, key=lambda form: levels.index(Level(form.level)))


def kinds_of(forms: Iterable[Form]) -> dict[Kind, tuple[Asked, ...]]:
    """Return what forms ask, by kind of place, each field once."""
    by_kind: dict[Kind, list[Form]] = defaultdict(list)
    for form in in_order(forms):
        by_kind[Kind(form.level, form.sort or "")].append(form)
    return {kind: _asked(together) for kind, together in by_kind.items()}


def _asked(forms: Sequence[Form]) -> tuple[Asked, ...]:
    found: dict[str, list[tuple[Form, str, Field]]] = defaultdict(list)
    for form in forms:
        for section in form.sections:
            for field in section.fields:
                found[field.id].append((form, section.id, field))
    return tuple(
        Asked(
            field=times[0][2],
            form=times[0][0].id,
            section=times[0][1],
            whens=tuple(dict.fromkeys(field.when for _form, _section, field in times)),
            demands=tuple(dict.fromkeys(field.when for _form, _section, field in times if field.required)),
        )
        for times in found.values()
    )


def named_in_conditions(asked: Iterable[Asked]) -> frozenset[str]:
    """Return the fields that the conditions of ``asked`` look at."""
    conditions = {when for one in asked for when in one.whens if when is not None}
    return frozenset().union(*(rules.reader().names(when) for when in conditions))


def first_day(reference_on: date, months: int) -> date:
    """Return the first day from which ``months`` calendar months reach the reference date."""
    day = after_months(reference_on, -months)
    return day if after_months(day, months) >= reference_on else day + timedelta(days=1)


def start_of(day: date) -> datetime:
    """Return the first moment of a day, local time."""
    return timezone.make_aware(datetime.combine(day, time.min))
