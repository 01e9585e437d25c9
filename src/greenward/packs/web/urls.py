"""Addresses of the pack browser."""

from django.urls import path

from greenward.packs.web import books, drafts, entries, files, views

app_name = "packs"

urlpatterns = [
    path("packs/", views.editions, name="editions"),
    path("packs/drafts/", drafts.drafts, name="drafts"),
    path("packs/drafts/begin/", drafts.begin, name="begin_draft"),
    path("packs/drafts/upload/", books.upload, name="upload_draft"),
    path("packs/drafts/<int:number>/workbook.xlsx", books.draft_workbook, name="draft_workbook"),
    path("packs/<slug:pack_id>/<str:edition>/workbook.xlsx", books.workbook, name="workbook"),
    path("packs/drafts/<int:number>/", drafts.draft, name="draft"),
    path("packs/drafts/<int:number>/changes/", drafts.changes, name="draft_changes"),
    path("packs/drafts/<int:number>/history/", drafts.history, name="draft_history"),
    path("packs/drafts/<int:number>/settle/", drafts.settle, name="settle"),
    path("packs/drafts/<int:number>/move/<slug:verb>/", drafts.move, name="move_draft"),
    path("packs/drafts/<int:number>/items/", entries.items, name="draft_items"),
    path("packs/drafts/<int:number>/items/<str:item>/", entries.item, name="draft_item"),
    path("packs/drafts/<int:number>/files/", files.files, name="draft_files"),
    path("packs/drafts/<int:number>/files/add/", files.add, name="add_file"),
    path("packs/drafts/<int:number>/files/<path:path>/check/", files.check, name="check_file"),
    path("packs/drafts/<int:number>/files/<path:path>/remove/", files.remove, name="remove_file"),
    path("packs/drafts/<int:number>/files/<path:path>/", files.file, name="draft_file"),
    path("packs/<slug:pack_id>/<str:edition>/", views.overview, name="overview"),
    path("packs/<slug:pack_id>/<str:edition>/clauses/", views.clauses, name="clauses"),
    path("packs/<slug:pack_id>/<str:edition>/standard/", views.standard, name="standard"),
    path("packs/<slug:pack_id>/<str:edition>/dictionary/", views.dictionary, name="dictionary"),
    path("packs/<slug:pack_id>/<str:edition>/forms/", views.forms, name="forms"),
    path("packs/<slug:pack_id>/<str:edition>/changes/", views.changes, name="changes"),
]
