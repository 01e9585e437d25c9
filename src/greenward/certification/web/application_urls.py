"""Addresses of applications: the queue, a community's way in, one case and every act on it."""

from django.urls import path

from greenward.certification.web.views import batch, case, queue

urlpatterns = [
    path("certification/", queue.queue, name="queue"),
    path("certification/batch/", batch.batch, name="batch"),
    path("certification/communities/<str:code>/", queue.apply, name="apply"),
    path("certification/cases/<int:number>/", case.case, name="case"),
    path("certification/cases/<int:number>/case.pdf", case.case_file, name="case_file"),
    path("certification/cases/<int:number>/<slug:act>/", case.act, name="act"),
]
