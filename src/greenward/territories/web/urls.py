"""Addresses of the pages about places, people and roles."""

from django.urls import path

from greenward.territories.web import views

app_name = "territories"
urlpatterns = [
    path("places/outlines.json", views.outline_map, name="outlines"),
    path("places/<str:code>/", views.place, name="place"),
    path("people/", views.people, name="people"),
]
