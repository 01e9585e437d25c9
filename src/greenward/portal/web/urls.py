"""Addresses of the public pages."""

from django.urls import path

from greenward.portal.web import views

app_name = "portal"
urlpatterns = [
    path("public/", views.home, name="home"),
]
