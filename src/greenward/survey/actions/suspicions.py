"""Settling a suspicion: a reason why the values stand, kept with them."""

from datetime import datetime

from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.survey.actions.record import record_values
from greenward.survey.models import Entry, Round
from greenward.survey.queries.quality import findings
from greenward.survey.queries.rounds import forms_at, standing
from greenward.territories.models import Place


def settle_suspicion(
    survey_round: Round, place: Place, code: str, reason: str, *, by: User | None, at: datetime
) -> Entry | None:
    """Keep why the values behind a suspicion stand; it counts until one of them changes.

    Needs the permission to survey there. NotFoundError where nothing of this code is suspicious at the
    place; else errors as for ``record_values``. None where the same reason stands already.
    """
    version = standing(place, clock.today())
    found = findings(survey_round, version.path).rows
    if not any(row["place_id"] == place.pk and row["code"] == code for row in found.iter_rows(named=True)):
        raise NotFoundError(
            _("这里没有代号为 %(code)s 的疑点。") % {"code": code},
            hint=_("数据可能刚改过；请刷新数据质量页面。"),
            code=code,
        )
    form = forms_at(survey_round, version)[0]
    return record_values(survey_round, form.id, place, {}, by=by, at=at, reasons={code: reason})
