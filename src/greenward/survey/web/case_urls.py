"""Addresses of the way up: queue, cases, reminders, certificates, and what was said of a value."""

from django.urls import path

from greenward.survey.web.views import case, cases, completeness, values

urlpatterns = [
    path("values/<slug:place>/<slug:field>/", values.value, name="value"),
    path("<slug:code>/values/<slug:place>/<slug:field>/correct/", values.correct, name="correct"),
    path("<slug:code>/cases/", cases.queue, name="cases"),
    path("<slug:code>/cases/batch/", cases.batch, name="batch"),
    path("<slug:code>/cases/reminders/", cases.reminders, name="reminders"),
    path("<slug:code>/cases/<slug:place>/", case.case, name="case"),
    path("<slug:code>/cases/<slug:place>/move/", case.move, name="move"),
    path("<slug:code>/cases/<slug:place>/answer/", case.answer, name="answer"),
    path("<slug:code>/completeness/", completeness.completeness, name="completeness"),
    path("<slug:code>/completeness/<int:number>/", completeness.certificate, name="certificate"),
]
