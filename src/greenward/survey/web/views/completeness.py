"""Whether a round is complete at a place, and the certificates that say so."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.survey import access, queries
from greenward.survey.actions.completeness import certify
from greenward.survey.models import Completeness, Round
from greenward.survey.queries.completeness import (
    certificates_for,
    concern_labels,
    corrected_since,
    figures_of,
    get_certificate_for,
    is_whole,
    lacking_at,
)
from greenward.survey.states import CaseState
from greenward.survey.web.calls import person_of
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, places_for, version_on

SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def completeness(request: HttpRequest, code: str) -> HttpResponse:
    """Show which of the three statements hold at a place and on what they rest; POST issues a certificate."""
    held = queries.get_round(code)
    place = _place(request, held)
    if request.method != "POST":
        return _shown(request, held, place)
    try:
        made = certify(held, place, by=person_of(request), at=clock.now())
    except NotFoundError:
        raise
    except GreenwardError as error:
        return _shown(request, held, place, error)
    messages.success(request, _("已出具完整性证明第 %(number)d 号。") % {"number": made.pk})
    return redirect("survey:certificate", code, made.pk)


@login_required
@require_safe
def certificate(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a certificate as it was issued, whether it is whole, and what was corrected since."""
    held = queries.get_round(code)
    found = get_certificate_for(request.user, held, number)
    place = version_on(found.place, held.reference_on)
    corrected = list(corrected_since(found, place)) if place else []
    context = {
        "round": held,
        "certificate": found,
        "place": place,
        "figures": found.figures,
        "states": _states(found.figures["states"]),
        "units": _units(found.figures["units"]),
        "concerns": _concerns(found.figures["concerns"], found.figures["concern_labels"]),
        "whole": is_whole(found),
        "corrected": corrected[:SHOWN],
        "corrections": len(corrected),
    }
    return render(request, "survey/certificate.html", context)


def _shown(
    request: HttpRequest, held: Round, place: PlaceVersion, error: GreenwardError | None = None
) -> HttpResponse:
    figures = figures_of(held, place)
    number, first = lacking_at(held, place, most=SHOWN)
    reach = reach_of(request.user)
    issued = list(certificates_for(request.user, held).filter(place=place.place_id)[:SHOWN])
    context = {
        "round": held,
        "place": place,
        "above": [one for one in ancestors(place, on=held.reference_on) if reach.covers(one.path)],
        "areas": _areas(request, held, place),
        "figures": figures,
        "states": _states(figures.states),
        "units": _units(figures.units),
        "concerns": _concerns(figures.concerns, concern_labels()),
        "lacking": first,
        "lacking_number": number,
        "may_certify": access.may_certify(request.user, place),
        "issued": issued,
        "corrected_since": _corrected(issued, place),
        "error": error,
    }
    return render(request, "survey/completeness.html", context, status=error.status if error else 200)


def _corrected(issued: list[Completeness], place: PlaceVersion) -> int:
    """Return how many corrections came after the newest certificate."""
    return corrected_since(issued[0], place).count() if issued else 0


def _place(request: HttpRequest, held: Round) -> PlaceVersion:
    """Return the street, district or city asked for, by default where the person's reach begins."""
    code = request.GET.get("place", "")
    if code:
        found = get_place_for(request.user, code, on=held.reference_on)
    else:
        homes = places_for(request.user, on=held.reference_on).filter(path__in=reach_of(request.user).paths())
        home = homes.order_by("path").first()
        if home is None:
            raise NotFoundError(_("您的账户还没有管辖范围。"), hint=_("请联系上级单位的经办人。"))
        found = home
    return found


def _areas(request: HttpRequest, held: Round, place: PlaceVersion) -> list[PlaceVersion]:
    levels = (Level.DISTRICT, Level.SUBDISTRICT)
    below = places_for(request.user, on=held.reference_on).filter(
        parent=place.place_id, place__level__in=levels
    )
    return list(below.order_by("path"))


def _states(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(str(state.label), counts.get(state.value, 0)) for state in CaseState]


def _units(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(str(Level(level).label), number) for level, number in counts.items()]


def _concerns(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(labels.get(slug, slug), number) for slug, number in counts.items()]
