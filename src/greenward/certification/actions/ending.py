"""Ending the open applications of communities that merge or split (decision 25)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.actions.moving import carry
from greenward.certification.actions.objection import settle
from greenward.certification.models import Application
from greenward.certification.queries.heirs import adjustment_in_words
from greenward.certification.queries.locked import locked
from greenward.certification.queries.notices import open_objections_to
from greenward.certification.states import OPEN, ApplicationState
from greenward.core import audit
from greenward.territories.models import PlaceEvent, PlaceVersion


@transaction.atomic
def end_with_community(
    event: PlaceEvent,
    old: Sequence[PlaceVersion],
    new: Sequence[PlaceVersion],
    *,
    by: User | None,
    at: datetime,
) -> list[Application]:
    """End what is open at the communities that went, and what is frozen at those that go on otherwise.

    A draft of a community that goes on stays. Objections without an answer get one. One audit row for each.
    """
    paths, stays = {one.place_id: one.path for one in old}, {one.place_id for one in new}
    found = Application.objects.filter(place__in=paths).values_list("pk", flat=True)
    ended = [one for one in locked(found) if _ends(one, stays)]
    if not ended:
        return []
    with translation.override("zh-hans"):
        note = adjustment_in_words(event, old, new)[:800]
        answer = _("该社区已调整，申报随之终止，不再复核。%(note)s") % {"note": note}
    told = list(open_objections_to(ended).values_list("entry__application", "pk"))
    before = {one.pk: one.state for one in ended}
    settle(open_objections_to(ended), answer[:1000], by=by, at=at)
    carry(ended, "end", by=by, at=at, note=note)
    for one in ended:
        settled = [objection for application, objection in told if application == one.pk]
        _record(one, before, settled, event, scope=paths[one.place_id], by=by, at=at)
    return ended


def _ends(one: Application, stays: set[int]) -> bool:
    is_draft = one.state == ApplicationState.DRAFT
    return one.state in OPEN and not (is_draft and one.place_id in stays)


def _record(
    one: Application,
    before: Mapping[int, str],
    settled: Sequence[int],
    event: PlaceEvent,
    *,
    scope: str,
    by: User | None,
    at: datetime,
) -> None:
    audit.record(
        "certification.end_application",
        one,
        by=by,
        at=at,
        scope=scope,
        before=before[one.pk],
        objections=list(settled),
        event=event.pk,
    )
