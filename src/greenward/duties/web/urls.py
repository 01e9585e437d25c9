"""Addresses of one's own duties."""

from django.urls import path

from greenward.duties.web.views import cover, mine, reminders

app_name = "duties"
urlpatterns = [
    path("duties/", mine.mine, name="mine"),
    path("duties/bell/", mine.bell, name="bell"),
    path("duties/reminders/", reminders.reminders, name="reminders"),
    path("duties/unsubscribe/<str:token>/", reminders.unsubscribe, name="unsubscribe"),
    path("duties/cover/", cover.cover, name="cover"),
    path("duties/cover/<int:number>/revoke/", cover.revoke, name="revoke"),
]
