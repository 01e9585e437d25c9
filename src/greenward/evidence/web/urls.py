"""Addresses of the pages about evidence."""

from django.urls import path

from greenward.evidence.web.views import files, panel, questions

app_name = "evidence"
urlpatterns = [
    path("evidence/<slug:code>/", panel.panel, name="panel"),
    path("evidence/<slug:code>/hand-in/", panel.hand_in, name="hand_in"),
    path("evidence/<slug:code>/<int:number>/use-again/", panel.use_again, name="use_again"),
    path("evidence/<slug:code>/<int:number>/withdraw/", panel.withdraw, name="withdraw"),
    path("evidence/<slug:code>/files/<slug:digest>/", files.file, name="file"),
    path("evidence/<slug:code>/files/<slug:digest>/thumbnail.jpg", files.thumbnail, name="thumbnail"),
    path("evidence/<slug:code>/questions/", questions.questions, name="questions"),
    path("evidence/<slug:code>/questions/<int:number>/<int:other>/", questions.answer, name="answer"),
]
