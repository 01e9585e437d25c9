"""What still keeps a community from being submitted: required answers, warnings without a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from greenward.packs import rules
from greenward.packs.schema.forms import Field, Form
from greenward.packs.schema.pack import Pack
from greenward.survey.models import ReturnedField, Round
from greenward.survey.queries.quality import Contradiction, cross_contradictions
from greenward.survey.queries.rounds import forms_of
from greenward.survey.queries.surveyed import Surveyed, Warned, surveyed
from greenward.survey.queries.validity import is_valid
from greenward.survey.sensitivity import Sight
from greenward.survey.states import LIST_OF_UNITS
from greenward.territories.models import Level, PlaceVersion


@dataclass(frozen=True)
class Missing:
    """Something that a community must still do: ``code`` is needed, expired, returned or no_units.

    ``field`` is None where no single field is concerned.
    """

    code: str
    place: PlaceVersion
    form: Form | None
    field: Field | None
    label: str

    @property
    def said(self) -> str:
        """What to do, in words."""
        sentences = {
            "needed": _("未填"),
            "expired": _("已过有效期，需确认或更新"),
            "returned": _("被退回，尚未答复"),
            "no_units": _("还没有登记小区"),
        }
        return sentences[self.code]


@dataclass(frozen=True)
class Unreasoned:
    """A warning at a place that nobody has given a reason for."""

    place: PlaceVersion
    warned: Warned


@dataclass(frozen=True)
class Readiness:
    """What is missing before a community can be submitted; nothing where it is ready.

    ``contradictions`` are the checks across levels that it breaks without a reason.
    """

    missing: tuple[Missing, ...]
    unreasoned: tuple[Unreasoned, ...]
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def is_ready(self) -> bool:
        """True where nothing is missing."""
        return not self.missing and not self.unreasoned and not self.contradictions

    def shown_to(self, sight: Sight, pack: Pack, path: str) -> "Readiness":
        """Return it as a person may read it of the community at ``path``."""
        return replace(
            self,
            unreasoned=tuple(
                replace(one, warned=one.warned.shown_to(sight, one.place.path)) for one in self.unreasoned
            ),
            contradictions=tuple(one.shown_to(sight, pack, path) for one in self.contradictions),
        )


def readiness_of(
    survey_round: Round,
    community: PlaceVersion,
    day: date,
    *,
    returned: Sequence[ReturnedField] = (),
    places: Sequence[Surveyed] | None = None,
) -> Readiness:
    """Return what keeps a community from being submitted on a day; ``returned`` are the fields sent back.

    Two queries, none where ``places`` (from :func:`surveyed`) are at hand, and a fixed number for the checks
    across levels.
    """
    held = surveyed(survey_round, community, day) if places is None else places
    missing = [one for place in held for one in _missing_at(survey_round, place)]
    if _wants_compounds(survey_round) and not any(one.place.place.level == Level.COMPOUND for one in held):
        missing.append(Missing("no_units", community, None, None, _("小区")))
    missing += _unanswered(held, returned)
    unreasoned = [
        Unreasoned(one.place, warned) for one in held for warned in one.warnings if not warned.reason
    ]
    crossed = cross_contradictions(survey_round, community, day)
    contradictions = tuple(one for one in crossed if not one.reason)
    return Readiness(tuple(missing), tuple(unreasoned), contradictions)


def _missing_at(survey_round: Round, held: Surveyed) -> Iterator[Missing]:
    known = {name: value.value for name, value in held.known.items()}
    values = {name: value for name, value in known.items() if not isinstance(value, list)}
    said: set[str] = set()
    for form in held.forms:
        for field in form.fields:
            if field.id in said or not field.required or not rules.applies(field, values, held.day):
                continue
            said.add(field.id)
            value = held.known.get(field.id)
            if value is None:
                yield Missing("needed", held.place, form, field, str(field.label))
            elif not is_valid(survey_round, field, value):
                yield Missing("expired", held.place, form, field, str(field.label))


def _wants_compounds(survey_round: Round) -> bool:
    forms = forms_of(survey_round).values()
    return any(form.level == Level.COMPOUND.value and form.key is not None for form in forms)


def _unanswered(held: Sequence[Surveyed], returned: Sequence[ReturnedField]) -> Iterator[Missing]:
    by_place = {one.place.place_id: one for one in held}
    for one in returned:
        if one.settled_at is not None or one.place_id not in by_place:
            continue
        place = by_place[one.place_id]
        named = {field.id: (form, field) for form, field in place.fields}
        form, field = named.get(one.field, (None, None))
        label = _("小区、楼栋、设施名单") if one.field == LIST_OF_UNITS else one.field
        yield Missing("returned", place.place, form, field, str(field.label) if field else label)
