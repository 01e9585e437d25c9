"""Rounds and the forms that they ask."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.packs.schema.forms import Form
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.survey.models import Round
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import version_on


def rounds() -> QuerySet[Round]:
    """Return every round, the newest reference date first; that there are rounds is no secret."""
    return Round.objects.select_related("programme__pack", "programme__territory")


def get_round(code: str) -> Round:
    """Return the round of this code; NotFoundError if there is none."""
    found = rounds().filter(code=code).first()
    if found is None:
        raise NotFoundError(
            _("没有代号为 %(code)s 的摸底轮次。") % {"code": code},
            hint=_("用 greenward survey rounds 或摸底页面查看已有轮次。"),
            code=code,
        )
    return found


def current_round(on: date | None = None) -> Round | None:
    """Return the newest round that had opened by ``on`` (today if None); None if none had."""
    return rounds().filter(opens_on__lte=on or clock.today()).order_by("-opens_on", "-id").first()


def policy_of(survey_round: Round) -> Pack:
    """Return the pack that the round's programme carries out."""
    return programmes.policy(survey_round.programme)


def forms_of(survey_round: Round) -> dict[str, Form]:
    """Return the round's forms by id, in the pack's order."""
    return policy_of(survey_round).form_by_id


def form_of(survey_round: Round, form_id: str) -> Form:
    """Return one form of the round; NotFoundError naming those that exist."""
    forms = forms_of(survey_round)
    if form_id not in forms:
        raise NotFoundError(
            _("没有表“%(form)s”。") % {"form": form_id},
            hint=_("可用的表：%(forms)s。") % {"forms": "、".join(forms)},
            form=form_id,
        )
    return forms[form_id]


def form_at_level(survey_round: Round, level: str) -> Form:
    """Return the round's form for places of a level; NotFoundError where nothing is asked about them."""
    return _at_level(policy_of(survey_round), level)


def form_for_level(level: str, day: date) -> Form:
    """Return the form that the programme in force on ``day`` has for places of a level."""
    return _at_level(programmes.policy(programmes.current(day)), level)


def compound_form(survey_round: Round) -> Form:
    """Return the round's form for compounds; NotFoundError if its pack has none."""
    for form in forms_of(survey_round).values():
        if form.level == "compound" and form.key is not None:
            return form
    raise NotFoundError(_("这个方案包没有小区表。"), hint=_("请在方案包的 forms 中加入小区表。"))


def _at_level(pack: Pack, level: str) -> Form:
    for form in pack.forms:
        if form.level == level:
            return form
    raise NotFoundError(_("这个层级的地方没有摸底表。"), hint=_("请选择社区或小区。"), level=level)


def standing(place: Place, day: date) -> PlaceVersion:
    """Return what is true of ``place`` on ``day``; NotFoundError if it does not exist then."""
    version = version_on(place, day)
    if version is None:
        raise NotFoundError(
            _("代码为 %(code)s 的地方在 %(day)s 不存在。") % {"code": place.code, "day": day},
            hint=_("请核对代码和日期。"),
            code=place.code,
        )
    return version
