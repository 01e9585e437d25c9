"""Addresses of one's own duties."""

from django.urls import path

from greenward.duties.web.views import cover, mine

app_name = "duties"
urlpatterns = [
    path("duties/", mine.mine, name="mine"),
    path("duties/bell/", mine.bell, name="bell"),
    path("duties/cover/", cover.cover, name="cover"),
    path("duties/cover/<int:number>/revoke/", cover.revoke, name="revoke"),
]
