"""Addresses of the pages about assessments."""

from django.urls import path

from greenward.assessment.web.views import community, definition, gaps

app_name = "assessment"
urlpatterns = [
    path("assessment/gaps/<str:code>/", gaps.gaps, name="gaps"),
    path("assessment/<str:code>/", community.community, name="community"),
    path("definitions/<slug:measure>/", definition.definition, name="definition"),
    path("definitions/<slug:measure>/list.csv", definition.behind_as_csv, name="behind"),
]
