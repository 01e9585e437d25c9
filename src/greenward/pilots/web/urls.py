"""Addresses of pilots."""

from django.urls import path

from greenward.pilots.web import acts, views

app_name = "pilots"
urlpatterns = [
    path("pilots/", views.home, name="home"),
    path("pilots/lessons/", views.lessons, name="lessons"),
    path("pilots/lessons/<int:number>/share/", acts.share, name="share"),
    path("pilots/communities/<str:code>/", views.community, name="community"),
    path("pilots/communities/<str:code>/wishes/", acts.wish, name="wish"),
    path("pilots/communities/<str:code>/support/", acts.support, name="support"),
    path("pilots/communities/<str:code>/lessons/", acts.lesson, name="lesson"),
    path("pilots/communities/<str:code>/conclude/", acts.conclude, name="conclude"),
    path("pilots/<str:code>/", views.proposals, name="proposals"),
    path("pilots/<str:code>/choose/", acts.choose, name="choose"),
]
