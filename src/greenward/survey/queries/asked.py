"""What a round asks of a place: each field with what is known of it, so that nothing is asked twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from greenward.core import clock
from greenward.core.clock import end_of
from greenward.core.months import after_months
from greenward.packs import rules
from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.single import simple
from greenward.survey.models import Entry, ReturnedField, Round
from greenward.survey.queries.surveyed import entries_by_place, surveyed
from greenward.survey.queries.validity import is_valid
from greenward.survey.queries.values import Value, known_from
from greenward.survey.states import AskState
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class AskedField:
    """One field as a round asks it of a place.

    ``known`` is what is known, whichever way it came in; ``valid_until`` its last day, None where it stays
    valid until it is changed. ``last_round`` is what was known when the round before closed, where that
    was something else than now.
    """

    field: Field
    state: AskState
    known: Value | None
    valid_until: date | None
    returned: ReturnedField | None
    last_round: Value | None

    @property
    def is_open(self) -> bool:
        """True where somebody must answer, confirm, or say why it stands."""
        return self.state in {AskState.NEEDED, AskState.EXPIRED, AskState.RETURNED}


@dataclass(frozen=True)
class AskedForm:
    """One form of a round at one place, with its fields in the form's order."""

    place: PlaceVersion
    form: Form
    fields: tuple[AskedField, ...]


@dataclass(frozen=True)
class _Asking:
    """A round, as of a day, and the moment at which the round before took its last answers."""

    round: Round
    day: date
    closing: datetime | None


def asked_of(
    survey_round: Round, version: PlaceVersion, form: Form, *, day: date | None = None
) -> list[AskedField]:
    """Return what a form of the round asks of a place, as of a day (today if None). Three queries."""
    day = day or clock.today()
    entries = entries_by_place([version.place_id], day).get(version.place_id, [])
    returned = _returned(survey_round, [version.place_id]).get(version.place_id, {})
    asking = _Asking(survey_round, day, closing_before(survey_round))
    return _asked(asking, form, entries, returned)


def asked_of_all(survey_round: Round, community: PlaceVersion, *, day: date | None = None) -> list[AskedForm]:
    """Return the same for a community and then all its units by code, form by form. Four queries."""
    day = day or clock.today()
    held = surveyed(survey_round, community, day)
    returned = _returned(survey_round, [one.place.place_id for one in held])
    asking = _Asking(survey_round, day, closing_before(survey_round))
    return [
        AskedForm(
            one.place,
            form,
            tuple(_asked(asking, form, one.entries, returned.get(one.place.place_id, {}))),
        )
        for one in held
        for form in one.forms
    ]


def round_before(survey_round: Round) -> Round | None:
    """Return the round of the same territory that opened last before this one; None for the first."""
    earlier = Round.objects.filter(
        programme__territory=survey_round.programme.territory_id, opens_on__lt=survey_round.opens_on
    )
    return earlier.order_by("-opens_on", "-id").first()


def closing_before(survey_round: Round) -> datetime | None:
    """Return the moment at which the round before took its last answers; None where there was none.

    A round that nobody closed took answers until this one opened.
    """
    before = round_before(survey_round)
    if before is None:
        return None
    opened = timezone.make_aware(datetime.combine(survey_round.opens_on, datetime.min.time()))
    return before.closed_at or max(min(end_of(before.closes_on), opened), end_of(before.opens_on))


def _returned(survey_round: Round, places: Sequence[int]) -> dict[int, dict[str, ReturnedField]]:
    waiting = ReturnedField.objects.filter(case__round=survey_round, place__in=places, settled_at=None)
    found: dict[int, dict[str, ReturnedField]] = defaultdict(dict)
    for one in waiting.select_related("by"):
        found[one.place_id][one.field] = one
    return found


def _asked(
    asking: _Asking, form: Form, entries: Iterable[Entry], returned: Mapping[str, ReturnedField]
) -> list[AskedField]:
    entries = list(entries)
    known = known_from(entries, form)
    closing = asking.closing
    before = known_from((e for e in entries if e.at < closing), form) if closing else {}
    values = simple({name: value.value for name, value in known.items()})
    return [
        AskedField(
            field=field,
            state=(
                AskState.RETURNED
                if field.id in returned
                else _state(asking.round, field, value)
                if rules.applies(field, values, asking.day)
                else AskState.NOT_APPLICABLE
            ),
            known=value,
            valid_until=_valid_until(field, value),
            returned=returned.get(field.id),
            last_round=_if_different(before.get(field.id), value),
        )
        for field in form.fields
        for value in [known.get(field.id)]
    ]


def _state(survey_round: Round, field: Field, value: Value | None) -> AskState:
    if value is None:
        return AskState.NEEDED
    if not is_valid(survey_round, field, value):
        return AskState.EXPIRED
    newest = value.confirmed or value.entry
    here = survey_round.pk in {newest.round_id, value.entry.round_id}
    return AskState.ANSWERED if here else AskState.KNOWN


def _valid_until(field: Field, value: Value | None) -> date | None:
    if value is None or field.valid_months is None:
        return None
    return after_months(value.true_on, field.valid_months)


def _if_different(before: Value | None, now: Value | None) -> Value | None:
    return before if before is not None and (now is None or before.value != now.value) else None
