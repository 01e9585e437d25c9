"""Rounds and the forms that they ask."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.core.rows import first_row
from greenward.packs.models import InstalledPack
from greenward.packs.schema.forms import Form, Section
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.survey.models import Round
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import version_on

ROUND = """FROM survey_round held
    JOIN programmes_programme force ON force.id = held.programme_id
    JOIN packs_installedpack pack ON pack.id = force.pack_id
    JOIN territories_place place ON place.id = force.territory_id
    WHERE held.code = %(code)s"""
CONTENT = {"pack": frozenset({"content"})}
"""Megabytes, read once per edition (``packs.queries.pack``)."""


def rounds() -> QuerySet[Round]:
    """Return every round, the newest reference date first; that there are rounds is no secret."""
    held = Round.objects.select_related("programme__pack", "programme__territory")
    return held.defer("programme__pack__content")


def get_round(code: str) -> Round:
    """Return the round of this code; NotFoundError if there is none."""
    kinds = {"held": Round, "force": Programme, "pack": InstalledPack, "place": Place}
    row = first_row(kinds, ROUND, {"code": code}, without=CONTENT)
    if row is None:
        raise NotFoundError(
            _("没有代号为 %(code)s 的摸底轮次。") % {"code": code},
            hint=_("用 greenward survey rounds 或摸底页面查看已有轮次。"),
            code=code,
        )
    found: Round = row["held"]
    found.programme = row["force"]
    found.programme.pack, found.programme.territory = row["pack"], row["place"]
    return found


def current_round(on: date | None = None) -> Round | None:
    """Return the newest round that had opened by ``on`` (today if None); None if none had."""
    return rounds().filter(opens_on__lte=on or clock.today()).order_by("-opens_on", "-id").first()


def policy_of(survey_round: Round) -> Pack:
    """Return the pack that the round's programme carries out."""
    return programmes.policy(survey_round.programme)


def forms_of(survey_round: Round) -> dict[str, Form]:
    """Return the round's forms by id, in the pack's order."""
    forms = policy_of(survey_round).form_by_id
    chosen = survey_round.forms
    return {name: form for name, form in forms.items() if name in chosen} if chosen else forms


def forms_at(survey_round: Round, version: PlaceVersion) -> list[Form]:
    """Return the round's forms that ask about this place: of its level and, for facilities, its sort."""
    return [
        form
        for form in forms_of(survey_round).values()
        if form.level == version.place.level and (form.sort or "") == version.sort
    ]


def unit_forms(survey_round: Round) -> list[Form]:
    """Return the round's forms of units (compounds, buildings, facilities): the first per level and sort."""
    found: dict[tuple[str, str], Form] = {}
    for form in forms_of(survey_round).values():
        if form.key is not None:
            found.setdefault((form.level, form.sort or ""), form)
    return list(found.values())


def everything_at(pack: Pack, level: str, sort: str = "") -> Form:
    """Return one form of all that can be known of places of a level (and sort): what forms ask, and the rest.

    Sections are the dictionary's groups; fields of single forms follow in sections of those forms. Checks
    are those of all the forms. Raises NotFoundError where nothing is asked about such places.
    """
    forms = [form for form in pack.forms if form.level == level and (form.sort or "") == sort]
    groups = [group for group in pack.dictionary if group.level == level and (group.sort or "") == sort]
    if not forms:
        raise NotFoundError(_("这个层级的地方没有摸底表。"), hint=_("请选择社区或小区。"), level=level)
    asked = {field.id: field for form in reversed(forms) for field in form.fields}
    sections = [
        Section(id=group.id, title=group.title, fields=tuple(asked.get(one.id, one) for one in group.fields))
        for group in groups
    ]
    known = {field.id for section in sections for field in section.fields}
    for section in (section for form in forms for section in form.sections):
        rest = tuple(field for field in section.fields if field.id not in known)
        known |= {field.id for field in rest}
        sections += [section.model_copy(update={"fields": rest})] if rest else []
    checks = {check.id: check for form in forms for check in form.checks}
    return forms[0].model_copy(update={"sections": tuple(sections), "checks": tuple(checks.values())})


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


def everything_asked(version: PlaceVersion, day: date) -> Form:
    """Return all that the programme in force on ``day`` can know of such a place, as one form."""
    return everything_at(programmes.policy(programmes.current(day)), version.place.level, version.sort)


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
