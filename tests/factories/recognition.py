"""Applications that a district approved, notices, and titles, for tests of what comes after the decision."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils import timezone

from greenward.certification.actions.notice import publish
from greenward.certification.actions.objection import raise_objection
from greenward.certification.actions.recognition import recognise
from greenward.certification.models import Application, Notice, Objection, Snapshot, Title
from greenward.certification.states import ApplicationState
from greenward.core.canonical import digest
from greenward.programmes.models import Programme
from greenward.territories.models import Place, PlaceVersion
from tests.factories import programmes, territories
from tests.factories.territories import COMMUNITY, DISTRICT, SECOND

SAID = {
    "name": "示例居民",
    "contact": "010-00000000",
    "reason": "三号楼前的消防通道仍被占用。",
}
DOCUMENT = "示例办发〔2022〕1号"


def at_noon(day: date) -> datetime:
    """Return noon of a day, local time."""
    return timezone.make_aware(datetime.combine(day, time(12)))


PUBLISHED = at_noon(date(2022, 8, 15))  # ends on 2022-08-24 after seven working days
OVER = at_noon(date(2022, 8, 25))


def scene() -> Programme:
    """Make the small city with Beijing's programme."""
    territories.place_tree()
    return programmes.programme()


def version(code: str) -> PlaceVersion:
    """Return what holds of a place."""
    return PlaceVersion.objects.select_related("place").get(place__code=code, during__endswith=None)


def approved(programme: Programme, code: str = COMMUNITY) -> Application:
    """Make an application that the district approved, with the snapshot that it was decided on."""
    application = Application.objects.create(
        programme=programme,
        place=Place.objects.get(code=code),
        state=ApplicationState.APPROVED,
        step="review",
        opened_at=PUBLISHED,
        moved_at=PUBLISHED,
    )
    content = {"facts": {}, "place": code}
    Snapshot.objects.create(
        application=application,
        number=1,
        as_of=date(2022, 8, 1),
        edition="beijing-2021 2021.2",
        standard_digest="5" * 64,
        content=content,
        digest=digest(content),
        signature="",
        signed_name="",
        at=PUBLISHED,
    )
    return application


def notice_of(applications: Sequence[Application], *, at: datetime = PUBLISHED) -> Notice:
    """Publish approved applications."""
    return publish(
        programme=applications[0].programme,
        territory=version(DISTRICT),
        applications=applications,
        title="绿色社区公示",
        contact="甲区办公室",
        by=None,
        at=at,
    )


def objection_to(application: Application, *, at: datetime = PUBLISHED, **said: str) -> tuple[Objection, str]:
    """Object to an application in a notice."""
    return raise_objection(application.noticed, {**SAID, **said}, by=None, at=at)


def recognised(programme: Programme, *codes: str, at: datetime = OVER) -> list[Title]:
    """Give titles to communities after a finished notice."""
    applications = [approved(programme, code) for code in codes or (COMMUNITY, SECOND)]
    notice = notice_of(applications)
    return recognise(notice, applications=applications, document=DOCUMENT, by=None, at=at)
