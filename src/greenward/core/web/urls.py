"""URLs of the core: health, reports of the Content-Security-Policy."""

from django.urls import path

from greenward.core.web import views

urlpatterns = [
    path("health/live", views.alive, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("csp-report", views.csp_report, name="csp_report"),
]
