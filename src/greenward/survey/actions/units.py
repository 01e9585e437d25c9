"""Adding units (compounds, buildings, facilities) that the register of places does not have yet."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import InvalidInputError
from greenward.packs.schema.forms import Form
from greenward.survey import access
from greenward.survey.actions.record import record_values
from greenward.survey.answers.whole import checked
from greenward.survey.models import Entry, Round
from greenward.survey.queries.rounds import form_of, standing
from greenward.survey.submissions.sent import request_of_another
from greenward.territories.actions import create_units
from greenward.territories.models import Level, Place, PlaceVersion


@transaction.atomic
def add_unit(
    survey_round: Round,
    form_id: str,
    parent: Place,
    values: Mapping[str, object],
    *,
    by: User | None,
    at: datetime,
    request: UUID | None = None,
) -> PlaceVersion:
    """Make a unit that a form is about under ``parent`` and record its first values, with the form's key.

    Compounds and facilities stand under a community, buildings under a compound. ``request`` is the
    caller's number: sent again it gives the unit of the first time. InvalidInputError as for
    ``record_values``; ConflictError if the parent has one of this name.
    """
    path = standing(parent, timezone.localdate(at)).path
    access.check_may_record(by, path)
    form = form_of(survey_round, form_id)
    Place.objects.select_for_update(no_key=True).get(pk=parent.pk)
    if request is not None and (made := Entry.objects.filter(request=request).first()) is not None:
        return _made_before(made, form, parent, by, at)
    access.check_is_open(survey_round, at)
    name = _name(form, values)
    (version,) = create_units(
        {parent: [name]}, Level(form.level), sort=form.sort or "", reason=survey_round.title, by=by, at=at
    )
    record_values(survey_round, form.id, version.place, values, by=by, at=at, request=request)
    audit.record("survey.add_unit", version.place, by=by, at=at, scope=version.path, round=survey_round.code)
    return version


def _name(form: Form, values: Mapping[str, object]) -> str:
    if form.key is None:
        raise InvalidInputError(
            _("“%(form)s”不能添加对象。") % {"form": form.title},
            hint=_("请选择小区、楼栋或设施的表。"),
            form=form.id,
        )
    name = checked(form, values).get(form.key)
    if not isinstance(name, str):
        label = form.field(form.key).label
        message = _("请填写“%(label)s”。") % {"label": label}
        raise InvalidInputError(
            _("没有填写“%(label)s”。") % {"label": label},
            hint=_("请填写后再保存。"),
            fields={form.key: {"code": "missing", "message": message}},
        )
    return name


def _made_before(entry: Entry, form: Form, parent: Place, by: User | None, at: datetime) -> PlaceVersion:
    """Return the unit that this very request made; ConflictError where the number was another request's."""
    if entry.form == form.id and entry.by_id == (by.pk if by else None):
        version = standing(entry.place, timezone.localdate(at))
        if version.parent_id == parent.pk:
            return version
    raise request_of_another()
