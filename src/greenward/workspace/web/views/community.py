"""A community's file: overview, survey, assessment, history."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from greenward.assessment.queries import assessment_of, changes_for
from greenward.assessment.queries.reading import reading_of
from greenward.certification.queries import history_of as standing_history
from greenward.certification.queries import standings_for
from greenward.core.errors import NotFoundError
from greenward.core.web.dates import as_of
from greenward.survey.queries import current_round
from greenward.survey.sensitivity import sight_of
from greenward.territories.access import may
from greenward.territories.models import Level
from greenward.territories.queries import ancestors, get_place_for, history_of, names_of
from greenward.territories.roles import Permission
from greenward.workspace.queries.answers import answers_of
from greenward.workspace.queries.community import key_facts, to_do_of
from greenward.workspace.web.acts import acts_of
from greenward.workspace.web.steps import trail_of
from greenward.workspace.web.tabs import TABS

CHANGES = 5


@login_required
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Show one tab of the file of a community within the person's reach."""
    day = as_of(request)
    place = get_place_for(request.user, code, on=day)
    if place.place.level != Level.COMMUNITY:
        return redirect("workspace:dashboard", code)
    tab = request.GET.get("tab", "overview")
    if tab not in TABS:
        raise NotFoundError(_("社区档案没有这一页。"), hint=_("请从上方的标签中选择。"), tab=tab)
    sight = sight_of(request.user)
    assessed = assessment_of(place, day, sight=sight)
    context: dict[str, object] = {
        "as_of": day,
        "place": place,
        "trail": trail_of([*ancestors(place, on=day), place], request),
        "tab": tab,
        "assessment": assessed,
        "standing": standings_for(request.user, place, day),
    }
    if tab in {"overview", "history"}:
        context["changes"] = changes_for(request.user, day, under=place.path, limit=CHANGES)
    if tab == "overview":
        acts = acts_of(standings_for(request.user, place, day), place)
        context |= {"to_do": to_do_of(assessed), "key_facts": key_facts(assessed), "acts": acts}
    if tab == "assessment":
        context |= {"round": current_round(day), "reading": reading_of(assessed)}
    if tab == "survey":
        context["answers"] = answers_of(place, day, assessed.pack, sight=sight)
        context["may_survey"] = may(request.user, Permission.SURVEY, place.path)
    if tab == "history":
        context |= {
            "events": history_of(place.place),
            "names": names_of(place.place),
            "standings": [(type(row).__name__, row) for row in standing_history(place)],
        }
    return render(request, f"workspace/community_{tab}.html", context)
