"""Single fields that were sent back: sending them, and settling them by a new value or a word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.packs.schema.forms import Field
from greenward.survey import access
from greenward.survey.models import Case, ImportFile, ReturnedField, Round
from greenward.survey.queries.cases import acting_version
from greenward.survey.queries.rounds import forms_of
from greenward.survey.states import LIST_OF_UNITS, CaseState
from greenward.territories.models import UNIT_PARENT, PlaceVersion
from greenward.territories.queries import versions_on

LONGEST = 500


@dataclass(frozen=True)
class SentBack:
    """A field of a community or one of its units (12-digit code or a unit's) to send back, and why."""

    place: str
    field: str
    reason: str


@transaction.atomic
def answer_returned(returned: ReturnedField, answer: str, *, by: User | None, at: datetime) -> ReturnedField:
    """Say why a field that was sent back stands as it is (数据属实); that settles it as a new value does.

    ConflictError where it was settled before, or the case is not returned any more.
    """
    case = Case.objects.select_related("round", "place").get(pk=returned.case_id)
    version = acting_version(case.round, case.place, timezone.localdate(at))
    access.check_may_record(by, version.path)
    access.check_is_open(case.round, at)
    access.take_cases([case.place_id])
    returned = ReturnedField.objects.select_for_update().get(pk=returned.pk)
    case.refresh_from_db(fields=["state"])
    if returned.settled_at is not None or case.state != CaseState.RETURNED:
        raise ConflictError(
            _("这一项已经答复过，或不在退回补正中。"), hint=_("请刷新页面。"), number=returned.pk
        )
    text = answer.strip()
    if not text or len(text) > LONGEST:
        message = _("请写明理由，最多 %(most)d 个字。") % {"most": LONGEST}
        raise InvalidInputError(
            _("没有写明理由。"), hint=message, fields={"answer": {"code": "text_length", "message": message}}
        )
    returned.answer, returned.settled_at = text, at
    returned.save(update_fields=["answer", "settled_at"])
    audit.record(
        "survey.answer_returned",
        case,
        by=by,
        at=at,
        scope=version.path,
        round=case.round.code,
        field=returned.field,
    )
    return returned


def settle_returned(
    survey_round: Round, place_id: int, fields: Iterable[str], *, by: User | None, at: datetime
) -> int:
    """Settle the fields of a place that were sent back and have just been answered anew; return how many.

    Within the transaction of the recording action, whose audit row names the fields.
    """
    del by
    waiting = ReturnedField.objects.filter(
        case__round=survey_round, place=place_id, field__in=list(fields), settled_at=None
    )
    return waiting.update(settled_at=at)


def settle_imported(file: ImportFile, *, by: User | None, at: datetime) -> int:
    """Settle all fields that were sent back and that an imported workbook answers; return how many."""
    del by
    waiting = ReturnedField.objects.filter(
        case__round=file.round_id, settled_at=None, place__entries__file=file
    )
    rows = waiting.values_list("pk", "field", "place__entries__values", "place__entries__file")
    answered = {pk for pk, field, values, source in rows if source == file.pk and field in values}
    return ReturnedField.objects.filter(pk__in=answered).update(settled_at=at)


def send_back(
    survey_round: Round,
    case: Case,
    version: PlaceVersion,
    fields: Sequence[SentBack],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Open single fields of a case again; a part of the move that returns it, which records it.

    InvalidInputError with ``data["fields"]`` (``place:field`` → problem) where they do not fit.
    """
    places = _checked_places(survey_round, version, fields, at)
    ReturnedField.objects.bulk_create(
        [
            ReturnedField(
                case=case,
                place_id=place.place_id,
                form=form,
                field=one.field,
                reason=one.reason.strip(),
                by=by,
                at=at,
            )
            for one, (place, form) in zip(fields, places, strict=True)
        ]
    )


def _checked_places(
    survey_round: Round, version: PlaceVersion, fields: Sequence[SentBack], at: datetime
) -> list[tuple[PlaceVersion, str]]:
    """Return for each field its place and the form that asks it; InvalidInputError where they do not fit."""
    day = timezone.localdate(at)
    codes = {one.place for one in fields}
    below = versions_on(day).filter(
        place__level__in=UNIT_PARENT, path__startswith=version.path, place__code__in=codes
    )
    places = {one.place.code: one for one in [*below, version]}
    forms = forms_of(survey_round).values()
    found: list[tuple[PlaceVersion, str]] = []
    problems: dict[str, dict[str, str]] = {}
    for one in fields:
        place = places.get(one.place)
        level = (place.place.level, place.sort) if place else ("", "")
        asked = [f.id for f in forms if (f.level, f.sort or "") == level and _asks(f.fields, one.field)]
        if one.field == LIST_OF_UNITS and place is version:
            asked = [""]
        code = "" if asked else "unknown_field"
        code = code or ("" if 0 < len(one.reason.strip()) <= LONGEST else "reason_length")
        if code or place is None:
            problems[f"{one.place}:{one.field}"] = {"code": code, "message": _said(code)}
        else:
            found.append((place, asked[0]))
    twice = len({(one.place, one.field) for one in fields}) < len(fields)
    if problems or twice or not fields:
        raise InvalidInputError(
            _("没有退回：要逐项指明退回哪些项，各写一条理由。"),
            hint=_("请在要退回的项旁写明理由。"),
            fields=problems,
        )
    return found


def _asks(fields: Iterable[Field], name: str) -> bool:
    return any(field.id == name for field in fields)


def _said(code: str) -> str:
    if code == "reason_length":
        return _("请写明退回理由，最多 %(most)d 个字。") % {"most": LONGEST}
    return _("本轮没有问这一项。")
