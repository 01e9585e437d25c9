"""Addresses of the pages about assessments."""

from django.urls import path

from greenward.assessment.web.views import changes, community, compare, definition, gaps

app_name = "assessment"
urlpatterns = [
    path("assessment/gaps/<str:code>/", gaps.gaps, name="gaps"),
    path("assessment/changes/", changes.changes, name="changes"),
    path("assessment/changes/seen/", changes.see, name="see"),
    path("assessment/<str:code>/", community.community, name="community"),
    path("assessment/<str:code>/compare/", compare.compare, name="compare"),
    path("assessment/<str:code>/page.pdf", community.community_page, name="page"),
    path("definitions/<slug:measure>/", definition.definition, name="definition"),
    path("definitions/<slug:measure>/list.csv", definition.behind_as_csv, name="behind"),
]
