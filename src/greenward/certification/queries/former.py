"""Applications that ended when their community merged or split, and the communities that may apply anew."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from greenward.certification.models import Application, TitleHolding
from greenward.certification.states import OPEN, ApplicationState
from greenward.programmes.models import Programme
from greenward.territories.models import Place


def narratives_before(programme: Programme, place: Place) -> list[tuple[str, str]]:
    """Return what the ended applications said that a community follows: names of the time and texts."""
    rows = Application.objects.filter(
        Q(place__went_into__new=place) | Q(place=place),
        programme=programme,
        state=ApplicationState.ENDED,
    ).exclude(narrative="")
    found = rows.distinct().order_by("moved_at", "pk").select_related("place")
    return [(_last_name(one.place), one.narrative) for one in found]


def _last_name(place: Place) -> str:
    last = place.versions.filter(during__isempty=False).order_by("during").last()
    return last.name if last is not None else place.code


def owed_anew(on: date, within: Q) -> QuerySet[Any, Any]:
    """Return ended applications with the community that follows: ``heir``, its ``path`` and ``name``.

    ``within`` narrows by the heir's ``path``. Left out are heirs that have applied since, apply already, or
    hold a title of the programme.
    """
    since = Q(opened_at__gte=OuterRef("moved_at")) | Q(state__in=sorted(OPEN))
    again = Application.objects.filter(since, place=OuterRef("heir"), programme=OuterRef("programme"))
    held = TitleHolding.objects.filter(
        place=OuterRef("heir"), title__programme=OuterRef("programme"), during__contains=on
    )
    ended: QuerySet[Any, Any] = Application.objects.filter(state=ApplicationState.ENDED)
    parts = [
        _heirs(ended, "place", on).filter(within, ~Exists(again), ~Exists(held)),
        _heirs(ended, "place__went_into__new", on).filter(within, ~Exists(again), ~Exists(held)),
    ]
    return parts[0].union(parts[1])


def _heirs(ended: QuerySet[Any, Any], heir: str, on: date) -> QuerySet[Any, Any]:
    located: QuerySet[Any, Any] = ended.filter(**{f"{heir}__versions__during__contains": on}).annotate(
        heir=F(heir), path=F(f"{heir}__versions__path"), name=F(f"{heir}__versions__short_name")
    )
    return located
