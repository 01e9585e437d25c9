"""Addresses of the survey's pages."""

from django.urls import include, path

from greenward.survey.web.views import coverage, device, files, form, imports, previews, remarks, rounds, save

app_name = "survey"
urlpatterns = [
    path("survey/", rounds.rounds, name="rounds"),
    path("survey/plan/", rounds.plan, name="plan"),
    path("survey/session.json", device.session, name="session"),
    path("survey/worker.js", device.worker, name="worker"),
    path("survey/app.webmanifest", device.manifest, name="manifest"),
    path("survey/offline.html", device.offline, name="offline"),
    path("survey/export/", include("greenward.survey.web.export_urls")),
    path("survey/files/<slug:place>/<slug:digest>/", files.file, name="file"),
    path("survey/", include("greenward.survey.web.case_urls")),
    path("survey/<slug:code>/", coverage.coverage, name="coverage"),
    path("survey/<slug:code>/coverage.csv", coverage.export, name="export"),
    path("survey/<slug:code>/burden/", coverage.burden, name="burden"),
    path("survey/<slug:code>/burden.csv", coverage.burden_export, name="burden_export"),
    path("survey/<slug:code>/dates/", rounds.dates, name="dates"),
    path("survey/<slug:code>/close/", rounds.close, name="close"),
    path("survey/<slug:code>/template.xlsx", imports.template, name="template"),
    path("survey/<slug:code>/imports/", imports.upload, name="upload"),
    path("survey/<slug:code>/imports/<int:number>/", previews.preview, name="preview"),
    path("survey/<slug:code>/imports/<int:number>/problems/", previews.problems, name="import_problems"),
    path("survey/<slug:code>/imports/<int:number>/marked.xlsx", previews.marked, name="marked"),
    path("survey/<slug:code>/imports/<int:number>/columns/", imports.columns, name="columns"),
    path("survey/<slug:code>/imports/<int:number>/communities/", imports.communities, name="communities"),
    path("survey/<slug:code>/imports/<int:number>/reasons/", imports.reasons, name="reasons"),
    path("survey/<slug:code>/imports/<int:number>/undo/", imports.undo, name="undo_import"),
    path("survey/<slug:code>/imports/<int:number>/again/", imports.again, name="again"),
    path("survey/<slug:code>/imports/<int:number>/confirm/", imports.confirm, name="confirm"),
    path("survey/<slug:code>/imports/<int:number>/discard/", imports.discard, name="discard"),
    path("survey/<slug:code>/questions/", remarks.questions, name="questions"),
    path("survey/<slug:code>/<slug:place>/", form.form, name="form"),
    path("survey/<slug:code>/<slug:place>/save/", save.save, name="save"),
    path("survey/<slug:code>/<slug:place>/presence/", save.presence, name="presence"),
    path("survey/<slug:code>/<slug:place>/remarks/", remarks.remarks, name="remarks"),
    path("survey/<slug:code>/<slug:place>/files/", files.upload, name="attach"),
    path("survey/<slug:code>/<slug:place>/units/", form.add, name="add_unit"),
]
