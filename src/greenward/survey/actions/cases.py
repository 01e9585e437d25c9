"""Moving a community's survey up the tree and back: one move, many at once, and answers to what came back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.survey import access
from greenward.survey.actions.returned import (
    SentBack,
    answer_returned,
    send_back,
    settle_imported,
    settle_returned,
)
from greenward.survey.models import Case, Round, Step
from greenward.survey.queries.batches import Batch, batch_of
from greenward.survey.queries.cases import acting_version, is_due
from greenward.survey.queries.readiness import Readiness, readiness_of
from greenward.survey.states import MOVES, CaseState, Move
from greenward.territories.models import Place, PlaceVersion

LONGEST = 500

__all__ = [
    "IncompleteError",
    "SentBack",
    "answer_returned",
    "move",
    "move_many",
    "settle_imported",
    "settle_returned",
]


class IncompleteError(ConflictError):
    """A community cannot be submitted: ``readiness`` says what is missing, ``data`` the same as values."""

    code = "incomplete"

    def __init__(self, readiness: Readiness) -> None:
        super().__init__(
            _("还不能提交：缺 %(missing)d 项，%(warnings)d 条提示没有写理由。")
            % {
                "missing": len(readiness.missing),
                "warnings": len(readiness.unreasoned) + len(readiness.contradictions),
            },
            hint=_("请按清单逐项补齐；提示如属实，请写明理由。"),
            missing=[
                {
                    "place": one.place.place.code,
                    "name": one.place.name,
                    "form": one.form.id if one.form else None,
                    "field": one.field.id if one.field else None,
                    "label": one.label,
                    "code": one.code,
                }
                for one in readiness.missing
            ],
            warnings=[
                {
                    "place": one.place.place.code,
                    "name": one.place.name,
                    "check": one.warned.broken.check.id,
                    "message": one.warned.broken.sentence,
                }
                for one in readiness.unreasoned
            ],
            contradictions=[
                {"check": one.check.id, "message": one.sentence} for one in readiness.contradictions
            ],
        )
        self.readiness = readiness


@transaction.atomic
def move(
    survey_round: Round,
    community: Place,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    seen: int | None = None,
    note: str = "",
    fields: Sequence[SentBack] = (),
) -> Case:
    """Make one move of ``states.MOVES`` with a community's case; made twice by the same person, it is one.

    ``seen`` is the number of the newest move that the person had before their eyes (0 for none):
    ConflictError where somebody moved the case since, or its state does not allow the move. IncompleteError
    where it cannot be submitted yet. Returning needs ``fields``; InvalidInputError where they do not fit.
    """
    step = _move_of(verb)
    version = acting_version(survey_round, community, timezone.localdate(at))
    access.check_may_move(by, step, version.path)
    access.check_is_due(survey_round, community, due=is_due(survey_round, community))
    if verb == "submit":
        _hold_round(survey_round)
    survey_round.refresh_from_db(fields=["closed_at"])
    access.take_cases([community.pk])
    case, _made = Case.objects.get_or_create(
        round=survey_round, place=community, defaults={"moved_at": at, "state": CaseState.FILLING}
    )
    steps = list(case.steps.select_related("by"))
    if _is_made(case, step, steps, fields, by=by):
        return case
    _check_is_seen(case, steps, seen)
    access.check_can_move(survey_round, case, step, steps, by=by, at=at)
    _check_note(note)
    if verb == "submit":
        _check_is_ready(survey_round, case, version, at)
    if step.fields:
        send_back(survey_round, case, version, fields, by=by, at=at)
    _moved([case], step, by=by, at=at, note=note)
    told = {"round": survey_round.code, "state": case.state}
    sent_back = sorted(f"{one.place}:{one.field}" for one in fields)
    audit.record(f"survey.{verb}", case, by=by, at=at, scope=version.path, **told, fields=sent_back)
    return case


@transaction.atomic
def move_many(
    survey_round: Round, communities: Sequence[Place], verb: str, *, by: User | None, at: datetime
) -> Batch:
    """Make one move with every case of ``communities`` that allows it; say which do not, and why.

    The same batch again changes nothing. For moves that name no fields and need nothing complete: checking
    and accepting. A fixed number of queries; one audit row.
    """
    step = _move_of(verb)
    if step.fields or step.verb in {"submit", "withdraw"}:
        raise InvalidInputError(
            _("“%(move)s”只能逐个社区办理。") % {"move": step.name}, hint=_("请打开社区页面办理。"), verb=verb
        )
    access.take_cases([place.pk for place in communities])
    batch = batch_of(survey_round, step, [place.pk for place in communities], by=by, at=at)
    _moved(batch.cases, step, by=by, at=at)
    if batch.cases:
        audit.record(
            f"survey.{verb}_many",
            survey_round,
            by=by,
            at=at,
            scope=batch.scope,
            moved=[case.pk for case in batch.cases],
            refused=len(batch.refused),
        )
    return batch


def _move_of(verb: str) -> Move:
    if verb not in MOVES:
        raise NotFoundError(
            _("没有“%(verb)s”这一步。") % {"verb": verb},
            hint=_("可用的步骤：%(verbs)s。") % {"verbs": "、".join(MOVES)},
            verb=verb,
        )
    return MOVES[verb]


def _check_is_seen(case: Case, steps: Sequence[Step], seen: int | None) -> None:
    if seen is not None and seen != (steps[-1].pk if steps else 0):
        raise ConflictError(
            _("您查看期间，这个社区的状态变了。"), hint=access.said_last(steps), state=case.state
        )


def _check_is_ready(survey_round: Round, case: Case, version: PlaceVersion, at: datetime) -> None:
    waiting = list(case.returned_fields.filter(settled_at=None))
    readiness = readiness_of(survey_round, version, timezone.localdate(at), returned=waiting)
    if not readiness.is_ready:
        raise IncompleteError(readiness)


def _hold_round(survey_round: Round) -> None:
    """Wait for an import under way, which holds the round, and keep others out until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM survey_round WHERE id = %s FOR KEY SHARE", [survey_round.pk])


def _is_made(
    case: Case, step: Move, steps: Sequence[Step], fields: Sequence[SentBack], *, by: User | None
) -> bool:
    """Tell whether this is a move that the same person has just made, sent once more."""
    if not steps or case.state != step.ends or steps[-1].verb != step.verb:
        return False
    if steps[-1].by_id != (by.pk if by else None):
        return False
    if not step.fields:
        return True
    made = case.returned_fields.filter(at=steps[-1].at).values_list("place__code", "field", "reason")
    return {(one.place, one.field, one.reason.strip()) for one in fields} == set(made)


def _check_note(note: str) -> None:
    if len(note) > LONGEST:
        raise InvalidInputError(
            _("备注过长。"), hint=_("最多 %(most)d 个字。") % {"most": LONGEST}, field="note"
        )


def _moved(cases: Sequence[Case], step: Move, *, by: User | None, at: datetime, note: str = "") -> None:
    for case in cases:
        case.state, case.moved_at = step.ends, at
    Case.objects.bulk_update(cases, ["state", "moved_at"], batch_size=1000)
    Step.objects.bulk_create(
        [Step(case=case, verb=step.verb, state=step.ends, note=note.strip(), by=by, at=at) for case in cases]
    )
