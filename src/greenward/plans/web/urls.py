"""Addresses of district plans."""

from django.urls import path

from greenward.plans.web.views import acts, draft, files, plan

app_name = "plans"
urlpatterns = [
    path("plans/", plan.overview, name="overview"),
    path("plans/<str:code>/", plan.plan, name="plan"),
    path("plans/<str:code>/changes/", plan.compare, name="compare"),
    path("plans/<str:code>/targets.csv", files.targets, name="targets"),
    path("plans/<str:code>/plan.pdf", files.pdf, name="pdf"),
    path("plans/<str:code>/begin/", acts.begin, name="begin"),
    path("plans/<str:code>/edit/", draft.edit, name="edit"),
    path("plans/<str:code>/move/", acts.move, name="move"),
    path("plans/<str:code>/file/", acts.file, name="file"),
    path("plans/<str:code>/comments/", acts.comment, name="comment"),
]
