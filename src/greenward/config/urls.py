"""Root URLs: each module brings its own."""

from django.urls import include, path

from greenward.config.api import api, endpoints

handler400 = "greenward.core.web.views.bad_request"
handler403 = "greenward.core.web.views.forbidden"
handler404 = "greenward.core.web.views.not_found"
handler429 = "greenward.core.web.views.too_many_requests"  # allauth's rate limits ask for it
handler500 = "greenward.core.web.views.server_error"

urlpatterns = [
    path("api/v1/docs", endpoints, name="api_docs"),
    path("api/v1/", api.urls),
    path("", include("greenward.accounts.web.urls")),
    path("", include("greenward.territories.web.urls")),
    path("", include("greenward.portal.web.urls")),
    path("", include("greenward.workspace.web.urls")),
    path("", include("greenward.core.web.urls")),
    path("", include("greenward.duties.web.urls")),
    path("", include("greenward.programmes.web.urls")),
    path("", include("greenward.evidence.web.urls")),
    path("", include("greenward.survey.web.urls")),
    path("", include("greenward.packs.web.urls")),
    path("", include("greenward.assessment.web.urls")),
    path("", include("greenward.certification.web.urls")),
    path("", include("greenward.plans.web.urls")),
    path("", include("greenward.pilots.web.urls")),
]
