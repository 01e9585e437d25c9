"""One community explained; the definition behind a number with the communities behind it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from greenward.assessment import queries
from greenward.assessment.queries.editions import edition_named
from greenward.assessment.queries.reading import reading_of
from greenward.assessment.reading.document import page_pdf
from greenward.core.web.dates import as_of
from greenward.packs.models import InstalledPack
from greenward.survey.queries import current_round
from greenward.territories.access import may
from greenward.territories.queries import ancestors
from greenward.territories.roles import Permission

PER_PAGE = 50
READ = Permission.READ


@login_required
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Explain every item of a community as of the day, under the edition in force or another (``under``)."""
    day = as_of(request)
    under = edition_asked(request)
    found = queries.assessment_for(request.user, code, day, under=under)
    context = {
        "found": found,
        "reading": reading_of(found),
        "under": under,
        "as_of": day,
        "above": [place for place in ancestors(found.place, on=day) if may(request.user, READ, place.path)],
        "round": current_round(day),
        "standard": found.pack.standard,
        "document": found.pack.document_by_id[found.pack.standard.document],
    }
    return render(request, "assessment/community.html", context)


def edition_asked(request: HttpRequest) -> InstalledPack | None:
    """Return the edition that ``?under=`` names; None for the one in force."""
    named = request.GET.get("under", "").strip()
    return edition_named(named) if named else None


@login_required
def community_page(request: HttpRequest, code: str) -> HttpResponse:
    """Give the same on one page of A4."""
    day = as_of(request)
    found = queries.assessment_for(request.user, code, day, under=edition_asked(request))
    response = HttpResponse(page_pdf(reading_of(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="greenward-assessment-{code}-{day}.pdf"'
    return response
