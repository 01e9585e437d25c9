"""Addresses of certification: applications, and the acts on a community's standing (POST only)."""

from django.urls import include, path

from greenward.certification.web.aftercare_urls import urlpatterns as aftercare
from greenward.certification.web.views import standing as views

app_name = "certification"
urlpatterns = [
    path("", include("greenward.certification.web.application_urls")),
    path("communities/<str:code>/enrol/", views.enrol, name="enrol"),
    path("communities/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("communities/<str:code>/pilot/start/", views.start_pilot, name="start_pilot"),
    path("communities/<str:code>/pilot/conclude/", views.conclude_pilot, name="conclude_pilot"),
    *aftercare,
]
