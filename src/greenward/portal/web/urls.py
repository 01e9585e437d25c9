"""Addresses of the public pages."""

from django.urls import path

from greenward.portal.web import register, views

app_name = "portal"
urlpatterns = [
    path("public/", views.home, name="home"),
    path("register/", register.titles, name="register"),
    path("register/<str:code>/", register.title, name="title"),
]
