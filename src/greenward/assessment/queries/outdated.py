"""Which results rest on a value that was corrected since: nothing is rewritten, but everybody is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from greenward.assessment.facts.survey import ENTRIES
from greenward.assessment.models import Result, Run
from greenward.core import clock
from greenward.packs.schema.pack import Pack
from greenward.programmes.models import Programme
from greenward.survey.queries.corrections import Correction, corrections_at
from greenward.survey.sensitivity import Sight
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class Outdated:
    """A correction of a value that the standard uses, and what rests on the value before.

    ``here``: what is shown of the day asked for does. ``runs``: the days of stored runs that do, newest
    first. A run takes a correction in when it is refreshed on or after its day; earlier runs say what was
    known then, and stay as they are.
    """

    correction: Correction
    here: bool
    runs: tuple[date, ...]


def outdated_of(
    programme: Programme, pack: Pack, place: PlaceVersion, as_of: date, *, sight: Sight
) -> tuple[Outdated, ...]:
    """Return the corrections at a community that results do not rest on yet, newest first.

    Those of values that came in after the day asked for are left out, and what the reader does not see is
    marked. One query where nothing was ever
    corrected, at most five else.
    """
    corrected = [one for one in corrections_at(pack, place, clock.today()) if _is_used(pack, one)]
    if not corrected:
        return ()
    runs = _runs_since(programme, place, min(one.counts_from for one in corrected))
    found = []
    for one in reversed(corrected):
        made_on = timezone.localdate(one.entry.at)
        here = one.counts_from <= as_of < made_on
        stale = tuple(
            run.as_of
            for run in runs
            if run.as_of >= one.counts_from and int(run.marks.get(ENTRIES, 0)) < one.entry.pk
        )
        if (here or stale) and one.counts_from <= as_of:
            found.append(Outdated(one.shown_to(sight), here, stale))
    return tuple(found)


def _is_used(pack: Pack, correction: Correction) -> bool:
    level, sort = correction.place.place.level, correction.place.sort
    forms = [form for form in pack.forms if form.level == level and (form.sort or "") == sort]
    return any(pack.used_by(form.id, correction.field.id) for form in forms)


def _runs_since(programme: Programme, place: PlaceVersion, day: date) -> Sequence[Run]:
    """Return the stored runs from a day on that judged the community, newest first."""
    judged = Result.objects.filter(run=OuterRef("pk"), place=place.place_id)
    return list(Run.objects.filter(Exists(judged), programme=programme, as_of__gte=day).order_by("-as_of"))
