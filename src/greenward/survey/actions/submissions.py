"""Taking in what field apps collected: each submission by itself, exactly once, problems by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotFoundError
from greenward.packs.schema.forms import Form
from greenward.survey import access
from greenward.survey.actions.record import record_values
from greenward.survey.models import Entry, Round
from greenward.survey.queries.rounds import form_of
from greenward.survey.states import Way
from greenward.survey.xlsform.naming import PLACE_QUESTIONS
from greenward.survey.xlsform.received import Submission
from greenward.territories.actions import create_units
from greenward.territories.models import UNIT_PARENT, Level, Place, PlaceVersion
from greenward.territories.queries import places_for, versions_on
from greenward.territories.roles import Permission


class Outcome(StrEnum):
    """What became of a submission."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True)
class Taken:
    """One submission: where it stood, its place, what became of it; for a refused one why, and by field."""

    label: str
    code: str
    name: str
    outcome: Outcome
    entry: int | None = None
    problem: str = ""
    message: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def record_submissions(
    survey_round: Round,
    form_id: str,
    submissions: Sequence[Submission],
    *,
    by: User | None,
    at: datetime,
) -> list[Taken]:
    """Record every submission that can be; return what became of each, in order.

    A submission's number makes it count once, whoever sends it again. A value that somebody gave after the
    app opened its form is not overwritten: the submission is refused with both. ConflictError where the
    round takes no values, NotAllowedError for those who survey nowhere.
    """
    access.check_may_import(by)
    survey_round.refresh_from_db(fields=["closed_at"])
    access.check_is_open(survey_round, at)
    form = form_of(survey_round, form_id)
    done = [_taken(survey_round, form, one, by=by, at=at) for one in submissions]
    audit.record(
        "survey.record_submissions",
        survey_round,
        by=by,
        at=at,
        form=form.id,
        outcomes={outcome.value: sum(one.outcome == outcome for one in done) for outcome in Outcome},
    )
    return done


def _taken(survey_round: Round, form: Form, one: Submission, *, by: User | None, at: datetime) -> Taken:
    try:
        with transaction.atomic():
            return _recorded(survey_round, form, one, by=by, at=at)
    except GreenwardError as error:
        return Taken(
            one.label,
            next(reversed(list(one.places.values())), ""),
            "",
            Outcome.REFUSED,
            problem=error.code,
            message=str(error),
            fields=_at_fields(form, error),
        )


def _recorded(survey_round: Round, form: Form, one: Submission, *, by: User | None, at: datetime) -> Taken:
    number = one.number
    _check_belongs(survey_round, form, one)
    version, is_new = _place_of(survey_round, form, one, by=by, at=at)
    before = Entry.objects.filter(request=number, place=version.place_id).first()
    if before is not None:
        return Taken(one.label, version.place.code, version.name, Outcome.REPEATED, before.pk)
    entry = record_values(
        survey_round,
        form.id,
        version.place,
        one.values,
        by=by,
        at=at,
        seen=None if is_new else _seen(version.place, one),
        way=Way.FIELD_APP,
        origin=f"{form.id} {one.version}".strip()[:160],
        observed_on=one.observed_on,
        request=number,
    )
    outcome = Outcome.RECORDED if entry is not None else Outcome.UNCHANGED
    return Taken(one.label, version.place.code, version.name, outcome, entry.pk if entry else None)


def _check_belongs(survey_round: Round, form: Form, one: Submission) -> None:
    if one.number is None:
        raise InvalidInputError(
            _("没有提交编号（instanceID 或 _uuid），无法保证只记一次。"),
            hint=_("请从 ODK 或 Kobo 导出带编号的完整数据。"),
            reason="no_number",
        )
    if one.round not in {"", survey_round.code} or one.form not in {"", form.id}:
        raise ConflictError(
            _("这条提交属于轮次“%(round)s”的表“%(form)s”。") % {"round": one.round, "form": one.form},
            hint=_("请在对应的轮次和表中收回。"),
            round=one.round,
            form=one.form,
        )
    if not one.values:
        raise InvalidInputError(_("没有任何答案。"), hint=_("空的提交不用收回。"), reason="empty")


def _seen(place: Place, one: Submission) -> int | None:
    """Return the newest entry when the app opened the form: what came later is not overwritten unseen."""
    if one.started is None:
        return None
    entries = Entry.objects.filter(place=place, at__lte=one.started).order_by("-id")
    return entries.values_list("pk", flat=True).first() or 0


def _place_of(
    survey_round: Round, form: Form, one: Submission, *, by: User | None, at: datetime
) -> tuple[PlaceVersion, bool]:
    """Return the place that a submission is about, and whether it was made just now."""
    own = one.places.get(PLACE_QUESTIONS[Level(form.level)], "")
    if own or form.key is None:
        return _found(form, Level(form.level), own, by=by, at=at), False
    level = Level(form.level)
    above = UNIT_PARENT[level]
    parent = _found(form, above, one.places.get(PLACE_QUESTIONS[above], ""), by=by, at=at)
    name = str(one.values.get(form.key) or "").strip()
    if not name:
        raise InvalidInputError(
            _("没有选择已有的%(level)s，也没有填名称。") % {"level": level.label},
            hint=_("新的请填写名称。"),
            fields={form.key: {"code": "missing", "message": _("请填写名称。")}},
        )
    Place.objects.select_for_update(no_key=True).get(pk=parent.place_id)
    there = versions_on(timezone.localdate(at)).filter(
        parent=parent.place_id, place__level=level, sort=form.sort or "", name=name
    )
    existing = there.first()
    if existing is not None:
        return existing, False
    made = create_units(
        {parent.place: [name]}, level, sort=form.sort or "", reason=survey_round.title, by=by, at=at
    )
    return made[0], True


def _found(form: Form, level: Level, code: str, *, by: User | None, at: datetime) -> PlaceVersion:
    """Return the place with a code, within what the person may survey; NotFoundError tells no more."""
    day = timezone.localdate(at)
    places = versions_on(day) if by is None else places_for(by, on=day, permission=Permission.SURVEY)
    places = places.filter(place__code=code, place__level=level)
    if level == Level.FACILITY:
        places = places.filter(sort=form.sort or "")
    version = places.first() if code else None
    if version is None:
        raise NotFoundError(
            _("没有找到代码为“%(code)s”的%(level)s，或者它不在您的管辖范围内。")
            % {"code": code, "level": level.label},
            hint=_("请核对代码。"),
            code=code,
        )
    return version


def _at_fields(form: Form, error: GreenwardError) -> dict[str, str]:
    """Return by field what is wrong, in words; a clash with a newer value names it."""
    told = error.data.get("fields")
    found: dict[str, str] = {}
    for name, problem in told.items() if isinstance(told, dict) else ():
        if not isinstance(problem, dict):
            continue
        label = next((str(one.label) for one in form.fields if one.id == name), name)
        said = problem.get("message") or _("现值 %(theirs)s（%(source)s），提交值 %(yours)s") % problem
        found[name] = f"{label}：{said}"
    return found
