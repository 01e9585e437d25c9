"""District plans for tests."""

from datetime import date

from greenward.core import clock
from greenward.plans import actions, queries
from greenward.plans.models import PlanVersion
from greenward.survey.models import Round
from greenward.territories.models import PlaceVersion


def planned(held: Round, district: str, *verbs: str) -> PlanVersion:
    """Let the system draft the district's plan from the figures of the day and make moves with it."""
    place = PlaceVersion.objects.select_related("place").get(place__code=district)
    at = clock.now()
    version = actions.begin(programme=held.programme, place=place, figures_on=at.date(), by=None, at=at)
    for verb in verbs:
        seen = version.steps.latest("id").pk
        if verb == "file":
            version = actions.file(
                version,
                place,
                document="测试〔2022〕1号",
                filed_on=date(2022, 6, 1),
                seen=seen,
                by=None,
                at=at,
            )
        else:
            version = actions.move(version, place, verb, seen=seen, by=None, at=at)
    return version


def sent_of(version: PlanVersion) -> dict[str, object]:
    """Return what the form of a draft sends when nothing is changed."""
    content = queries.content_of(version)
    sent: dict[str, object] = {"seen": version.edit, "introduction": "总体要求"}
    for (code, due, measure), line in content.targets.items():
        sent[f"n-{code}-{due.isoformat()}-{measure}"] = line.number
    for n, one in enumerate(content.milestones, 1):
        sent |= {f"m-{n}-text": one.title, f"m-{n}-due": one.due.isoformat()}
    return sent
