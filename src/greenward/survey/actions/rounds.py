"""Opening and closing survey rounds, and moving their dates."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.survey import access
from greenward.survey.models import Round
from greenward.survey.queries.rounds import standing
from greenward.survey.states import Asks
from greenward.territories.models import Level

RESERVED = frozenset({"plan", "files", "export", "values"})
"""Codes that are addresses of pages already."""


@transaction.atomic
def open_round(
    *,
    programme: Programme,
    code: str,
    title: str,
    reference_on: date,
    opens_on: date,
    closes_on: date,
    forms: Collection[str] = (),
    asks: Asks = Asks.EXPIRED,
    by: User | None,
    at: datetime,
) -> Round:
    """Open a round for the programme's territory. ConflictError if the code is taken.

    ``forms`` are ids of the pack's forms, all of them where empty; one of them must be about communities.
    InvalidInputError names the field that is wrong.
    """
    path = standing(programme.territory, opens_on).path
    access.check_may_run_rounds(by, path)
    _check_dates(opens_on, closes_on)
    _check_named(code, title)
    made, fresh = Round.objects.get_or_create(
        code=code,
        defaults={
            "programme": programme,
            "title": title,
            "reference_on": reference_on,
            "opens_on": opens_on,
            "closes_on": closes_on,
            "forms": _chosen(programme, forms),
            "asks": asks,
        },
    )
    if not fresh:
        raise ConflictError(
            _("代号 %(code)s 已经用过。") % {"code": code}, hint=_("请换一个代号。"), code=code, field="code"
        )
    audit.record(
        "survey.open_round",
        made,
        by=by,
        at=at,
        scope=path,
        reference_on=reference_on,
        forms=made.forms,
        asks=made.asks,
    )
    return made


@transaction.atomic
def change_dates(
    survey_round: Round,
    *,
    opens_on: date,
    closes_on: date,
    seen: tuple[date, date],
    reason: str,
    by: User | None,
    at: datetime,
) -> Round:
    """Move a round's dates, with a reason that the audit trail keeps.

    ``seen`` are the dates that the person had before their eyes. ConflictError where somebody changed them
    since, where the round is closed, and for the beginning of a round that began. InvalidInputError for a
    last day that is past already.
    """
    survey_round, path = _locked(survey_round, by=by)
    today = timezone.localdate(at)
    before = (survey_round.opens_on, survey_round.closes_on)
    access.check_is_not_closed(survey_round)
    if before != seen:
        raise ConflictError(
            _("别人刚把日期改为 %(opens)s 至 %(closes)s。") % {"opens": before[0], "closes": before[1]},
            hint=_("请核对后再改。"),
        )
    if opens_on != before[0]:
        access.check_has_not_begun(survey_round, at)
    _check_dates(opens_on, closes_on)
    _check_ahead(closes_on, today)
    if not reason.strip():
        raise InvalidInputError(
            _("没有写明理由。"), hint=_("请写明为什么改期，各级都会看到。"), field="reason"
        )
    if (opens_on, closes_on) == before:
        raise InvalidInputError(_("日期没有变化。"), hint=_("请改了日期再保存。"), field="closes_on")
    survey_round.opens_on, survey_round.closes_on = opens_on, closes_on
    survey_round.save(update_fields=["opens_on", "closes_on"])
    audit.record(
        "survey.change_dates",
        survey_round,
        by=by,
        at=at,
        scope=path,
        before=before,
        after=(opens_on, closes_on),
        reason=reason.strip()[:300],
    )
    return survey_round


@transaction.atomic
def close_round(survey_round: Round, *, by: User | None, at: datetime) -> Round:
    """Close a round: it takes no more values. ConflictError if it is closed already or has not begun."""
    survey_round, path = _locked(survey_round, by=by)
    access.check_is_open(survey_round, at)
    survey_round.closed_at = at
    survey_round.save(update_fields=["closed_at"])
    audit.record("survey.close_round", survey_round, by=by, at=at, scope=path)
    return survey_round


def _locked(survey_round: Round, *, by: User | None) -> tuple[Round, str]:
    """Return the round, locked, and its territory's path; NotAllowedError for who may not run rounds."""
    locked = Round.objects.select_for_update(of=("self",)).select_related("programme__territory")
    survey_round = locked.get(pk=survey_round.pk)
    path = standing(survey_round.programme.territory, survey_round.opens_on).path
    access.check_may_run_rounds(by, path)
    return survey_round, path


def _check_dates(opens_on: date, closes_on: date) -> None:
    if closes_on < opens_on:
        raise InvalidInputError(
            _("截止日早于开始日。"), hint=_("请把截止日改在开始日之后。"), field="closes_on"
        )


def _check_ahead(closes_on: date, today: date) -> None:
    if closes_on < today:
        raise InvalidInputError(
            _("截止日 %(day)s 已经过去。") % {"day": closes_on},
            hint=_("请选今天或以后的日期。"),
            field="closes_on",
        )


def _check_named(code: str, title: str) -> None:
    if code in RESERVED:
        raise InvalidInputError(
            _("“%(code)s”不能作代号。") % {"code": code}, hint=_("请换一个代号。"), field="code"
        )
    if not title.strip():
        raise InvalidInputError(_("没有填写名称。"), hint=_("例如：2023年摸底。"), field="title")


def _chosen(programme: Programme, forms: Collection[str]) -> list[str]:
    """Return the ids chosen, empty for all of them; InvalidInputError for what cannot be asked."""
    known = programmes.policy(programme).form_by_id
    strange = sorted(set(forms) - set(known))
    if strange:
        raise InvalidInputError(
            _("没有表“%(form)s”。") % {"form": "、".join(strange)},
            hint=_("可用的表：%(forms)s。") % {"forms": "、".join(known)},
            field="forms",
        )
    chosen = [name for name in known if name in forms]
    if chosen and all(known[name].level != Level.COMMUNITY.value for name in chosen):
        raise InvalidInputError(
            _("没有选社区表。"),
            hint=_("小区、楼栋和设施都登记在社区之下，请同时选一张社区表。"),
            field="forms",
        )
    return [] if len(chosen) == len(known) else chosen
