"""Addresses of the pages about assessments."""

from django.urls import path

from greenward.assessment.web.views import (
    catalogue,
    changes,
    community,
    compare,
    definition,
    effect,
    gaps,
    judging,
)

app_name = "assessment"
DRAFT, EDITION = "packs/drafts/<int:number>/effect/", "packs/<slug:pack_id>/<str:edition>/effect/"

urlpatterns = [
    path("judging/", judging.queue, name="judgings"),
    path("judging/ask/", judging.ask, name="ask_judging"),
    path("judging/<int:number>/", judging.case, name="judging"),
    path("judging/<int:number>/opinion/", judging.opine, name="opine"),
    path("judging/<int:number>/decision/", judging.decide, name="decide_judging"),
    path("judging/<int:number>/reopen/", judging.reopen, name="reopen_judging"),
    path("judging/<int:number>/withdraw/", judging.withdraw, name="withdraw_judging"),
    path("packs/drafts/<int:number>/facts/", catalogue.draft_facts, name="draft_facts"),
    path("packs/<slug:pack_id>/<str:edition>/facts/", catalogue.facts, name="facts"),
    path(DRAFT, effect.draft_effect, name="draft_effect"),
    path(f"{DRAFT}list.csv", effect.draft_effect_csv, name="draft_effect_csv"),
    path(f"{DRAFT}<str:code>/", effect.draft_trial, name="draft_trial"),
    path(EDITION, effect.effect, name="effect"),
    path(f"{EDITION}list.csv", effect.effect_csv, name="effect_csv"),
    path(f"{EDITION}<str:code>/", effect.trial, name="trial"),
    path("assessment/gaps/<str:code>/", gaps.gaps, name="gaps"),
    path("assessment/changes/", changes.changes, name="changes"),
    path("assessment/changes/seen/", changes.see, name="see"),
    path("assessment/<str:code>/", community.community, name="community"),
    path("assessment/<str:code>/compare/", compare.compare, name="compare"),
    path("assessment/<str:code>/page.pdf", community.community_page, name="page"),
    path("definitions/<slug:measure>/", definition.definition, name="definition"),
    path("definitions/<slug:measure>/list.csv", definition.behind_as_csv, name="behind"),
]
