"""Addresses below ``survey/export/``: files, the dictionary, own files, field apps."""

from django.urls import path

from greenward.survey.web.views import exports, field_apps

urlpatterns = [
    path("", exports.export, name="exports"),
    path("file/", exports.file, name="export_file"),
    path("dictionary/", exports.dictionary, name="export_dictionary"),
    path("dictionary.<slug:kind>", exports.dictionary_file, name="dictionary_file"),
    path("places/<slug:place>/", exports.own_file, name="own_file"),
    path("places/<slug:place>/file.pdf", exports.own_file_document, name="own_file_pdf"),
    path("certificates/<slug:code>/<int:number>.pdf", exports.certificate, name="certificate_pdf"),
    path("xlsform/<slug:code>/<slug:form>.xlsx", field_apps.xlsform, name="xlsform"),
    path("submissions/<slug:code>/", field_apps.submissions, name="submissions"),
]
