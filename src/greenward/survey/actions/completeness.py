"""Issuing a certificate of completeness for a round."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.survey import access
from greenward.survey.models import Completeness, Round
from greenward.survey.queries.completeness import (
    Figures,
    communities_of,
    concern_labels,
    digest_of,
    figures_of,
    lacking_at,
)
from greenward.territories.models import PlaceVersion

NAMED = 20


class IncompleteRoundError(ConflictError):
    """A round is not complete at a place; ``figures`` say why, ``data`` the same as values."""

    code = "incomplete_round"

    def __init__(self, survey_round: Round, place: PlaceVersion, figures: Figures) -> None:
        number, first = lacking_at(survey_round, place, most=NAMED)
        failing = [one.name for one in figures.statements if not one.holds]
        super().__init__(
            _("%(place)s还不能出具完整性证明：%(failing)s未达到，还有 %(n)d 个社区没有完成。")
            % {"place": place.name, "failing": "、".join(failing), "n": number},
            hint=_("请按缺项清单催办、核对和核验。"),
            failing=[one.slug for one in figures.statements if not one.holds],
            lacking=number,
            communities=[one.code for one in first],
            concerns=dict(figures.concerns),
        )
        self.figures = figures


@transaction.atomic
def certify(survey_round: Round, place: PlaceVersion, *, by: User | None, at: datetime) -> Completeness:
    """Freeze that the round is complete at a street, district or city: figures, communities, digest.

    IncompleteRoundError where one of the three statements does not hold. Asked for again without anything
    having changed, it is the certificate of before.
    """
    access.check_may_certify(by, place)
    Round.objects.select_for_update(no_key=True).get(pk=survey_round.pk)
    figures = figures_of(survey_round, place, timezone.localdate(at))
    if not figures.is_complete:
        raise IncompleteRoundError(survey_round, place, figures)
    with translation.override("zh-hans"):
        frozen = {
            **figures.frozen(),
            "concern_labels": concern_labels(),
            "communities": communities_of(survey_round, place),
        }
    digest = digest_of(frozen)
    last = Completeness.objects.filter(round=survey_round, place=place.place).order_by("-id").first()
    if last is not None and last.digest == digest:
        return last
    made = Completeness.objects.create(
        round=survey_round,
        place=place.place,
        as_of=timezone.localdate(at),
        figures=frozen,
        digest=digest,
        by=by,
        at=at,
    )
    audit.record(
        "survey.certify", made, by=by, at=at, scope=place.path, round=survey_round.code, digest=digest
    )
    return made
