"""Addresses of the survey's pages."""

from django.urls import path

from greenward.survey.web.views import coverage, files, form, imports

app_name = "survey"
urlpatterns = [
    path("survey/", coverage.rounds, name="rounds"),
    path("survey/files/<slug:place>/<slug:digest>/", files.file, name="file"),
    path("survey/<slug:code>/", coverage.coverage, name="coverage"),
    path("survey/<slug:code>/coverage.csv", coverage.export, name="export"),
    path("survey/<slug:code>/template.xlsx", imports.template, name="template"),
    path("survey/<slug:code>/imports/", imports.upload, name="upload"),
    path("survey/<slug:code>/imports/<int:number>/", imports.preview, name="preview"),
    path("survey/<slug:code>/imports/<int:number>/again/", imports.again, name="again"),
    path("survey/<slug:code>/imports/<int:number>/confirm/", imports.confirm, name="confirm"),
    path("survey/<slug:code>/imports/<int:number>/discard/", imports.discard, name="discard"),
    path("survey/<slug:code>/<slug:place>/", form.form, name="form"),
    path("survey/<slug:code>/<slug:place>/files/", files.upload, name="attach"),
    path("survey/<slug:code>/<slug:place>/compounds/", form.add, name="add_compound"),
]
