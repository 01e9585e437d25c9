"""Beginning a version of a plan and writing its content."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.plans import access
from greenward.plans.models import PlanMeasure, PlanMilestone, PlanStep, PlanTarget, PlanVersion
from greenward.plans.queries.content import PlanContent, check_content, content_of, first_content
from greenward.plans.queries.proposal import Proposed, proposals
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import Place, PlaceVersion


class OverwritingError(ConflictError):
    """Somebody saved the draft since the person opened it; ``version`` holds what stands now."""

    code = "overwriting"

    def __init__(self, version: PlanVersion) -> None:
        super().__init__(
            _("%(who)s 在 %(when)s 已保存过这份草案，您的改动没有存入，也没有丢失。")
            % {
                "who": version.saved_by or _("系统"),
                "when": timezone.localtime(version.saved_at).strftime("%Y-%m-%d %H:%M"),
            },
            hint=_("请对照下面列出的不同之处，再保存一次就以您的为准。"),
            edit=version.edit,
        )
        self.version = version


@transaction.atomic
def begin(
    *, programme: Programme, place: PlaceVersion, figures_on: date, by: User | None, at: datetime
) -> PlanVersion:
    """Begin the next version of a district's plan, drafted from the figures of ``figures_on``.

    What the version before said stays where it still fits; the rest is proposed anew. ConflictError where a
    version is on its way already. NotAllowedError, InvalidInputError for what is no district.
    """
    access.check_is_district(place)
    access.check_may_draft(by, place)
    pack = programmes.policy(programme)
    before = PlanVersion.objects.filter(programme=programme, place=place.place_id).last()
    proposed = proposals(programme, place.path, figures_on)
    content = first_content(pack, place, proposed, figures_on)
    if before is not None:
        content = _carried(content_of(before), content)
    version = PlanVersion(
        programme=programme,
        place=place.place,
        number=before.number + 1 if before else 1,
        introduction=content.introduction,
        figures_on=figures_on,
        figures=[one.as_dict() for one in proposed],
        begun_by=by,
        begun_at=at,
        saved_by=by,
        saved_at=at,
    )
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise ConflictError(
            _("%(name)s 已有一版方案在起草或审定。") % {"name": place.name},
            hint=_("请打开它接着写；报送之后才能起草下一版。"),
            code=place.place.code,
        ) from error
    _write(version, content)
    PlanStep.objects.create(version=version, verb="begin", state=version.state, by=by, at=at)
    audit.record(
        "plans.begin", version, by=by, at=at, scope=place.path, number=version.number, figures_on=figures_on
    )
    return version


@transaction.atomic
def write(
    version: PlanVersion,
    place: PlaceVersion,
    content: PlanContent,
    *,
    seen: int,
    by: User | None,
    at: datetime,
) -> PlanVersion:
    """Write a draft's whole content. ``seen`` is the ``edit`` that the person had before their eyes.

    OverwritingError where somebody saved since, ConflictError where it is no draft any more,
    InvalidInputError for what cannot stand; in each case nothing is written.
    """
    access.check_may_draft(by, place)
    version = (
        PlanVersion.objects.select_for_update(of=("self",)).select_related("saved_by").get(pk=version.pk)
    )
    access.check_is_open(version)
    if version.edit != seen:
        raise OverwritingError(version)
    check_content(content, [Proposed.of(one) for one in version.figures])
    version.edit += 1
    version.introduction, version.saved_by, version.saved_at = content.introduction, by, at
    version.save(update_fields=["edit", "introduction", "saved_by", "saved_at"])
    _write(version, content)
    PlanStep.objects.create(version=version, verb="save", state=version.state, by=by, at=at)
    audit.record("plans.save", version, by=by, at=at, scope=place.path, edit=version.edit)
    return version


def _carried(old: PlanContent, fresh: PlanContent) -> PlanContent:
    """Return a new version's content: the old one's words, numbers and days, gaps as they are now."""
    return PlanContent(
        introduction=old.introduction,
        targets={key: old.targets.get(key, line) for key, line in fresh.targets.items()},
        milestones=old.milestones,
        measures=old.measures,
    )


def _write(version: PlanVersion, content: PlanContent) -> None:
    """Put a content in the place of what the version said."""
    for part in (version.targets, version.milestones, version.measures):
        part.all().delete()
    codes = {code for code, _due, _measure in content.targets}
    places = dict(Place.objects.filter(code__in=codes).values_list("code", "pk"))
    PlanTarget.objects.bulk_create(
        PlanTarget(
            version=version,
            place_id=places[code],
            due=due,
            measure=measure,
            number=line.number,
            note=line.note,
        )
        for (code, due, measure), line in content.targets.items()
    )
    PlanMilestone.objects.bulk_create(
        PlanMilestone(version=version, order=n, title=one.title, due=one.due, clause=one.clause)
        for n, one in enumerate(content.milestones, 1)
    )
    PlanMeasure.objects.bulk_create(
        PlanMeasure(
            version=version,
            order=n,
            item=one.item,
            text=one.text,
            departments=list(one.departments),
            due=one.due,
        )
        for n, one in enumerate(content.measures, 1)
    )
