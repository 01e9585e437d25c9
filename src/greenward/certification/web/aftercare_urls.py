"""Addresses of notices, objections and certificates, for everybody; and of those who handle them."""

from django.urls import path

from greenward.certification.web.views import public

urlpatterns = [
    path("notices/", public.notices, name="notices"),
    path("notices/answer/", public.answer, name="answer"),
    path("notices/<int:number>/", public.notice, name="notice"),
    path("notices/<int:number>/notice.pdf", public.notice_document, name="notice_document"),
    path("notices/<int:number>/<int:entry>/object/", public.object_to, name="object_to"),
    path("check/", public.check, name="check"),
    path("certificates/key", public.keys, name="keys"),
    path("certificates/<str:code>.pdf", public.certificate, name="certificate"),
    path("certificates/<str:code>.json", public.record, name="record"),
]
