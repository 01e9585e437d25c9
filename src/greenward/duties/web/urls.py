"""Addresses of one's own duties."""

from django.urls import path

from greenward.duties.web.views import mine

app_name = "duties"
urlpatterns = [
    path("duties/", mine.mine, name="mine"),
    path("duties/bell/", mine.bell, name="bell"),
]
