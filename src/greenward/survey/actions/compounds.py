"""Adding a compound that the register of places does not have yet."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import InvalidInputError
from greenward.survey import access
from greenward.survey.actions.record import record_values
from greenward.survey.answers.whole import checked
from greenward.survey.models import Round
from greenward.survey.queries.rounds import compound_form, standing
from greenward.territories.actions import create_units
from greenward.territories.models import Level, Place, PlaceVersion


@transaction.atomic
def add_compound(
    survey_round: Round,
    community: Place,
    values: Mapping[str, object],
    *,
    by: User | None,
    at: datetime,
) -> PlaceVersion:
    """Make a compound inside ``community`` and record its first values, the form's key (name) among them.

    InvalidInputError as for ``record_values``; ConflictError if the community has one of this name.
    """
    path = standing(community, timezone.localdate(at)).path
    access.check_may_record(by, path)
    access.check_is_open(survey_round, at)
    form = compound_form(survey_round)
    key = str(form.key)
    name = checked(form, values).get(key)
    if not isinstance(name, str):
        raise InvalidInputError(
            _("没有填写小区名称。"),
            hint=_("请填写小区名称后再保存。"),
            fields={key: {"code": "missing", "message": _("请填写小区名称。")}},
        )
    made = create_units({community: [name]}, Level.COMPOUND, reason=survey_round.title, by=by, at=at)[0]
    record_values(survey_round, form.id, made.place, values, by=by, at=at)
    audit.record("survey.add_compound", made.place, by=by, at=at, scope=made.path, round=survey_round.code)
    return made
