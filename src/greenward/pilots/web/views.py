"""Reading: where pilots stand, proposals of a district or street, one community, lessons."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from greenward.assessment.queries.pilots import pilots
from greenward.certification.models import Pilot
from greenward.core import clock
from greenward.core.errors import GreenwardError
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.pilots import access, queries
from greenward.pilots.models import Lesson, Support, Wish
from greenward.pilots.queries import StreetProposals
from greenward.pilots.states import Age
from greenward.pilots.web.forms import ChooseForm, ConcludeForm, LessonForm, SupportForm, WishForm
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, places_for, roots_for

PER_PAGE = 20


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the city's districts; whoever works below goes to their own place."""
    day = as_of(request)
    root = next(iter(roots_for(request.user, on=day)), None)
    if root is not None and root.place.level == Level.COMMUNITY:
        return redirect("pilots:community", root.place.code)
    if root is not None and root.place.level != Level.CITY:
        return redirect("pilots:proposals", root.place.code)
    rows = pilots(root.path, day) if root is not None else []
    districts = places_for(request.user, on=day).filter(place__level=Level.DISTRICT).order_by("path")
    lines = [
        (place, own, sum(r.pilots for r in own), sum(r.is_below for r in own), sum(r.missing for r in own))
        for place in districts
        for own in [[row for row in rows if row.path.startswith(place.path)]]
    ]
    return render(request, "pilots/home.html", {"as_of": day, "lines": lines})


@login_required
@require_safe
def proposals(request: HttpRequest, code: str) -> HttpResponse:
    """Show the candidates of a district's or street's streets; ``export=csv`` takes all of them away."""
    return shown_proposals(request, queries.get_place_with_streets(request.user, code))


def shown_proposals(
    request: HttpRequest, place: PlaceVersion, *, error: GreenwardError | None = None
) -> HttpResponse:
    """Return the page of proposals; ``error`` above it, what was chosen stays chosen."""
    day = as_of(request)
    streets = queries.street_proposals(place.path, day)
    if request.GET.get("export") == "csv":
        return _csv(place, streets, day)
    _programme, pack = queries.policy_on(day)
    reach = reach_of(request.user)
    initial = {"on": clock.today()}
    context = {
        "as_of": day,
        "place": place,
        "above": [one for one in ancestors(place, on=day) if reach.covers(one.path)],
        "streets": streets,
        "rules": pack.pilots,
        "may_choose": access.may_choose(request.user, place.path),
        "form": ChooseForm(request.POST) if error else ChooseForm(initial=initial),
        "chosen": request.POST.getlist("community"),
        "error": error,
    }
    return render(request, "pilots/proposals.html", context, status=error.status if error else 200)


@login_required
@require_safe
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Show a community as a pilot: standing, reasons, wishes, support, lessons."""
    return shown_community(request, _community(request, code))


def shown_community(
    request: HttpRequest, place: PlaceVersion, *, error: GreenwardError | None = None, form: str = ""
) -> HttpResponse:
    """Return the page of a community; ``form`` names the one whose refused content is shown again."""
    day = as_of(request)
    programme, pack = queries.policy_on(day)
    held = {"programme": programme, "place": place.place_id}
    every = [one for street in queries.street_proposals(place.path, day) for one in street.candidates]
    today = {"on": clock.today(), "held_on": clock.today(), "given_on": clock.today()}
    sent = request.POST
    pilot = Pilot.objects.filter(**held, during__contains=day).first()
    context = {
        "as_of": day,
        "place": place,
        "candidate": next((one for one in every if one.place == place.place_id), None),
        "pilot": pilot,
        "was_pilot": pilot is not None or Pilot.objects.filter(**held).exists(),
        "wishes": Wish.objects.filter(**held)
        .select_related("by", "use__file")
        .defer("use__file__content")
        .order_by("-held_on", "-id"),
        "supports": Support.objects.filter(**held).select_related("by").order_by("-given_on", "-id"),
        "lessons": Lesson.objects.filter(**held).select_related("by").order_by("-id"),
        "may_record": access.may_record(request.user, place.path),
        "may_support": access.may_support(request.user, place.path),
        "may_choose": access.may_choose(request.user, place.path),
        "wish_form": WishForm(sent if form == "wish" else None, initial=today),
        "support_form": SupportForm(sent if form == "support" else None, initial=today),
        "lesson_form": LessonForm(sent if form == "lesson" else None, initial=today, pack=pack),
        "conclude_form": ConcludeForm(sent if form == "conclude" else None, initial=today),
        "error": error,
    }
    return render(request, "pilots/community.html", context, status=error.status if error else 200)


@login_required
@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """Search lessons; ``like`` puts those first that help a community with what it lacks."""
    day = as_of(request)
    programme, pack = queries.policy_on(day)
    item, age = request.GET.get("item", ""), request.GET.get("age", "")
    text, like = request.GET.get("q", "").strip()[:80], request.GET.get("like", "")
    place = get_place_for(request.user, like, on=day) if like else None
    found = queries.search(queries.lessons_for(request.user, programme, day), text=text, item=item, age=age)
    helps = queries.lacking_at(place, pack, day) if place else []
    shown = queries.shown_of(request.user, found[:500], day, helps=helps)
    context = {
        "as_of": day,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "items": pack.standard.items,
        "ages": Age.choices,
        "item": item,
        "age": age,
        "q": text,
        "like": place,
        "helped": sum(bool(one.why) for one in shown),
        "titles": {one.id: str(one.title) for one in pack.standard.items},
    }
    return render(request, "pilots/lessons.html", context)


def _community(request: HttpRequest, code: str) -> PlaceVersion:
    place = get_place_for(request.user, code)
    access.check_is_community(place)
    return place


def _csv(place: PlaceVersion, streets: list[StreetProposals], day: date) -> HttpResponse:
    criteria = [r.criterion.id for s in streets[:1] for one in s.candidates[:1] for r in one.reasons]
    header = ["street", "code", "name", "is_pilot", "proposed", "score", "least", "most", "age"]
    header += [f"{name}_{part}" for name in criteria for part in ("least", "most", "reason")]
    rows = (
        [
            street.street.name,
            one.code,
            one.name,
            one.is_pilot,
            one.proposed,
            None if one.score is None else round(one.score, 1),
            round(one.least, 1),
            round(one.most, 1),
            one.age.value if one.age else None,
            *(part for r in one.reasons for part in (r.least, r.most, r.text)),
        ]
        for street in streets
        for one in street.candidates
    )
    return csv_response(f"pilots-{place.place.code}-{day}", header, rows)
