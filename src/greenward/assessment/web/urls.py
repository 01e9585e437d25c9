"""Addresses of the pages about assessments."""

from django.urls import path

from greenward.assessment.web import views

app_name = "assessment"
urlpatterns = [
    path("assessment/<str:code>/", views.community, name="community"),
    path("definitions/<slug:measure>/", views.definition, name="definition"),
    path("definitions/<slug:measure>/list.csv", views.behind_as_csv, name="behind"),
]
