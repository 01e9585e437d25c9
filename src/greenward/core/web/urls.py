"""URLs of the core: health."""

from django.urls import path

from greenward.core.web import views

urlpatterns = [
    path("health/live", views.alive, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
]
