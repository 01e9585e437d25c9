"""What a community answered in a round, for those who check it: what changed since the last one first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.words import in_words
from greenward.survey.models import ReturnedField, Round
from greenward.survey.queries.cases import CaseFile
from greenward.survey.queries.surveyed import Surveyed, Warned
from greenward.survey.queries.values import Value
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class Answered:
    """One field as it stands, what it was before the round (None: unknown), and what was said of it."""

    form: Form
    field: Field
    now: Value | None
    before: Value | None
    text: str
    was: str
    returned: ReturnedField | None
    warnings: tuple[Warned, ...]

    @property
    def changed(self) -> bool:
        """True where the round brought another value than there was."""
        now, before = (one.value if one else None for one in (self.now, self.before))
        return now != before

    @property
    def shown(self) -> bool:
        """True where somebody who checks should look at it first."""
        return self.changed or self.returned is not None or bool(self.warnings)


@dataclass(frozen=True)
class AnsweredPlace:
    """A community or unit with its fields; ``new``: nothing was known of it before the round."""

    place: PlaceVersion
    fields: tuple[Answered, ...]
    new: bool

    @property
    def shown(self) -> tuple[Answered, ...]:
        """The fields that should be looked at first."""
        return tuple(one for one in self.fields if one.shown)


def answered(survey_round: Round, held: Sequence[Surveyed], case: CaseFile) -> list[AnsweredPlace]:
    """Return what is known of the places, beside what was known when the round began. No query.

    Fields that are unknown and not sent back are left out.
    """
    returned: Mapping[tuple[int, str], ReturnedField] = {
        (one.place_id, one.field): one for one in case.returned
    }
    found = []
    for one in held:
        before = one.known_before(survey_round)
        rows = tuple(
            _row(one, form, field, before.get(field.id), returned.get((one.place.place_id, field.id)))
            for form, field in one.fields
            if field.id in one.known or field.id in before or (one.place.place_id, field.id) in returned
        )
        found.append(AnsweredPlace(one.place, rows, not before))
    return found


def _row(
    held: Surveyed, form: Form, field: Field, before: Value | None, returned: ReturnedField | None
) -> Answered:
    now = held.known.get(field.id)
    return Answered(
        form,
        field,
        now,
        before,
        in_words(field, now.value if now else None),
        in_words(field, before.value if before else None),
        returned,
        tuple(w for w in held.warnings if any(one.id == field.id for one in w.broken.fields)),
    )
