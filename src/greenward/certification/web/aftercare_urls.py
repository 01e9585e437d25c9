"""Addresses of notices, objections and certificates, for everybody; and of those who handle and recheck."""

from django.urls import path

from greenward.certification.web.views import handling, public, rechecking

urlpatterns = [
    path("notices/", public.notices, name="notices"),
    path("notices/answer/", public.answer, name="answer"),
    path("notices/<int:number>/", public.notice, name="notice"),
    path("notices/<int:number>/notice.pdf", public.notice_document, name="notice_document"),
    path("notices/<int:number>/<int:entry>/object/", public.object_to, name="object_to"),
    path("check/", public.check, name="check"),
    path("rechecks/", public.draws, name="draws"),
    path("rechecks/<int:number>/", public.draw, name="draw"),
    path("certificates/key", public.keys, name="keys"),
    path("certificates/<str:code>.pdf", public.certificate, name="certificate"),
    path("certificates/<str:code>.json", public.record, name="record"),
    path("titles/", handling.desk, name="desk"),
    path("titles/publish/", handling.publish, name="publish"),
    path("titles/notices/<int:number>/", handling.conclude, name="conclude"),
    path("titles/notices/<int:number>/recognise/", handling.recognise, name="recognise"),
    path("titles/objections/<int:number>/", handling.objection, name="objection"),
    path("titles/objections/<int:number>/reveal/", handling.reveal, name="reveal"),
    path("titles/objections/<int:number>/erase/", handling.erase, name="erase"),
    path("titles/objections/<int:number>/proof/", handling.proof, name="objection_proof"),
    path("titles/objections/<int:number>/<str:verb>/", handling.turn, name="turn"),
    path("titles/rechecks/", rechecking.rechecks, name="rechecks"),
    path("titles/rechecks/plan/", rechecking.plan, name="plan_rechecks"),
    path("titles/rechecks/<int:number>/", rechecking.recheck, name="recheck"),
    path("titles/rechecks/<int:number>/<str:verb>/", rechecking.turn, name="turn_recheck"),
]
