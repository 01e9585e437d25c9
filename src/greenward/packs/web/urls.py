"""Addresses of the pack browser."""

from django.urls import path

from greenward.packs.web import views

app_name = "packs"

urlpatterns = [
    path("packs/", views.editions, name="editions"),
    path("packs/<slug:pack_id>/<str:edition>/", views.overview, name="overview"),
    path("packs/<slug:pack_id>/<str:edition>/clauses/", views.clauses, name="clauses"),
    path("packs/<slug:pack_id>/<str:edition>/standard/", views.standard, name="standard"),
    path("packs/<slug:pack_id>/<str:edition>/dictionary/", views.dictionary, name="dictionary"),
    path("packs/<slug:pack_id>/<str:edition>/forms/", views.forms, name="forms"),
    path("packs/<slug:pack_id>/<str:edition>/changes/", views.changes, name="changes"),
]
