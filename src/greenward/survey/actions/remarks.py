"""Comments and questions about a field or a form, and their answers from the level above."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.survey import access
from greenward.survey.models import Remark, Round
from greenward.survey.queries.rounds import forms_at, standing
from greenward.territories.models import Place, PlaceVersion

LONGEST = 1000


@transaction.atomic
def remark(
    survey_round: Round,
    place: Place,
    text: str,
    *,
    by: User,
    at: datetime,
    field: str = "",
    is_question: bool = False,
    request: UUID | None = None,
) -> Remark:
    """Say something about a field of ``place`` (without one, about its form); a question waits for an answer.

    The same ``request`` again is the same remark. InvalidInputError for an empty or too long text and for a
    field that the place's forms do not have.
    """
    version = standing(place, timezone.localdate(at))
    access.check_may_remark(by, version.path)
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    if (made := _sent_before(request, by)) is not None:
        return made
    _check_field(survey_round, version, field)
    said = Remark.objects.create(
        round=survey_round,
        place=place,
        field=field,
        text=_checked(text),
        is_question=is_question,
        request=request,
        by=by,
        at=at,
    )
    verb = "survey.ask" if is_question else "survey.remark"
    audit.record(verb, said, by=by, at=at, scope=version.path, round=survey_round.code, field=field)
    return said


@transaction.atomic
def answer(question: Remark, text: str, *, by: User, at: datetime, request: UUID | None = None) -> Remark:
    """Answer a question or add to a comment; somebody else's answer settles an open question."""
    version = standing(question.place, timezone.localdate(at))
    access.check_may_remark(by, version.path)
    question = Remark.objects.select_for_update().get(pk=question.pk)
    if (made := _sent_before(request, by)) is not None:
        return made
    if question.question_id is not None:
        raise InvalidInputError(_("答复不能再答复。"), hint=_("请在原来的问题下答复。"))
    said = Remark.objects.create(
        round_id=question.round_id,
        place_id=question.place_id,
        field=question.field,
        text=_checked(text),
        question=question,
        request=request,
        by=by,
        at=at,
    )
    if question.is_question and question.settled_at is None and question.by_id != by.pk:
        question.settled_at = at
        question.save(update_fields=["settled_at"])
    audit.record("survey.answer", said, by=by, at=at, scope=version.path, question=question.pk)
    return said


@transaction.atomic
def settle(question: Remark, *, by: User, at: datetime) -> Remark:
    """Close a question without an answer; ConflictError when it is none, or was settled before."""
    version = standing(question.place, timezone.localdate(at))
    access.check_may_remark(by, version.path)
    question = Remark.objects.select_for_update().get(pk=question.pk)
    if not question.is_question or question.settled_at is not None:
        raise ConflictError(_("这条留言不是待答复的问题。"), hint=_("请刷新页面查看最新情况。"))
    question.settled_at = at
    question.save(update_fields=["settled_at"])
    audit.record("survey.settle_question", question, by=by, at=at, scope=version.path)
    return question


def _sent_before(request: UUID | None, by: User) -> Remark | None:
    return Remark.objects.filter(request=request, by=by).first() if request is not None else None


def _checked(text: str) -> str:
    said = text.replace("\0", "").strip()
    if not said or len(said) > LONGEST:
        message = _("请写下要说的话，最多 %(most)d 个字。") % {"most": LONGEST}
        raise InvalidInputError(
            _("留言为空或过长，没有保存。"),
            hint=message,
            fields={"text": {"code": "text_length", "message": message}},
        )
    return said


def _check_field(survey_round: Round, version: PlaceVersion, field: str) -> None:
    names = {one.id for form in forms_at(survey_round, version) for one in form.fields}
    if field and field not in names:
        raise InvalidInputError(_("表中没有这一项。"), hint=_("请刷新页面后再留言。"), field=field)
