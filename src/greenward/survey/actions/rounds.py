"""Opening and closing survey rounds."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.programmes.models import Programme
from greenward.survey import access
from greenward.survey.models import Round
from greenward.survey.queries.rounds import standing


@transaction.atomic
def open_round(
    *,
    programme: Programme,
    code: str,
    title: str,
    reference_on: date,
    opens_on: date,
    closes_on: date,
    by: User | None,
    at: datetime,
) -> Round:
    """Open a round for the programme's territory. ConflictError if the code is taken."""
    path = standing(programme.territory, opens_on).path
    access.check_may_run_rounds(by, path)
    if closes_on < opens_on:
        raise InvalidInputError(
            _("截止日早于开始日。"), hint=_("请把截止日改在开始日之后。"), field="closes_on"
        )
    made, fresh = Round.objects.get_or_create(
        code=code,
        defaults={
            "programme": programme,
            "title": title,
            "reference_on": reference_on,
            "opens_on": opens_on,
            "closes_on": closes_on,
        },
    )
    if not fresh:
        raise ConflictError(
            _("代号 %(code)s 已经用过。") % {"code": code}, hint=_("请换一个代号。"), code=code
        )
    audit.record("survey.open_round", made, by=by, at=at, scope=path, reference_on=reference_on)
    return made


@transaction.atomic
def close_round(survey_round: Round, *, by: User | None, at: datetime) -> Round:
    """Close a round: it takes no more values. ConflictError if it is closed already."""
    survey_round = Round.objects.select_for_update().select_related("programme").get(pk=survey_round.pk)
    path = standing(survey_round.programme.territory, survey_round.opens_on).path
    access.check_may_run_rounds(by, path)
    access.check_is_open(survey_round, at)
    survey_round.closed_at = at
    survey_round.save(update_fields=["closed_at"])
    audit.record("survey.close_round", survey_round, by=by, at=at, scope=path)
    return survey_round
