"""Drafts in the browser: begun, checked while typed, changed by form, submitted, published."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from greenward.accounts.models import User
from greenward.core import clock
from greenward.packs import queries
from greenward.packs.drafting.editions import next_edition
from greenward.packs.drafting.written import texts_of
from greenward.packs.models import Draft, InstalledPack
from greenward.packs.workbook import forms, labels
from greenward.packs.workbook.shapes import NAMES
from greenward.packs.workbook.writing import workbook_of
from tests.factories.accounts import make_token, signed_in
from tests.factories.packs import beijing_pack, store
from tests.factories.territories import CITY, appoint, person, place_tree
from tests.packs.test_workbook import rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def base() -> InstalledPack:
    place_tree()
    pack = beijing_pack()
    manifest = pack.manifest.model_copy(update={"territory": CITY})
    return store(pack.model_copy(update={"manifest": manifest}))


def lead(name: str) -> Client:
    user = person(name)
    appoint(user, "city_lead", CITY)
    return signed_in(user)


@pytest.fixture
def author(base: InstalledPack) -> Client:
    return lead("author")


@pytest.fixture
def draft(author: Client, base: InstalledPack) -> Draft:
    author.post("/packs/drafts/begin/", {"base": f"{base.pack_id}/{base.edition}", "title": "物业覆盖提高"})
    return Draft.objects.get()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def field(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    assert found is not None, name
    return found[1]


def form_of(client: Client, draft: Draft, item: str) -> dict[str, str]:
    """Return what a browser would send of an item's form."""
    text = page(client, f"/packs/drafts/{draft.pk}/items/{item}/")
    sent = dict(re.findall(r'<input class="form-control" id="[^"]*" name="([^"]*)" value="([^"]*)"', text))
    sent |= dict(re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.DOTALL))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in {**sent, "seen": field(text, "seen")}.items()}


def test_a_draft_begins_from_an_edition_and_every_tab_opens(author: Client, draft: Draft) -> None:
    assert draft.title == "物业覆盖提高"
    for tab in (
        "",
        "items/",
        "files/",
        "changes/",
        "history/",
        "effect/",
        "items/12/",
        "files/standard.yaml/",
    ):
        assert "物业覆盖提高" in page(author, f"/packs/drafts/{draft.pk}/{tab}")
    assert "提交复核" in page(author, f"/packs/drafts/{draft.pk}/")


def test_an_items_form_saved_as_it_is_changes_nothing(author: Client, draft: Draft) -> None:
    before = queries.texts(draft)
    for item in ("4", "6", "12.1"):
        answer = author.post(f"/packs/drafts/{draft.pk}/items/{item}/", form_of(author, draft, item))
        assert answer.status_code == 302
    found = queries.checked(draft)
    assert found.pack is not None
    assert [one.place for one in queries.changes_against_base(draft, found.pack)] == ["manifest/edition"]
    assert set(queries.texts(draft)) == set(before)


def test_a_threshold_is_raised_by_form(author: Client, draft: Draft) -> None:
    sent = form_of(author, draft, "12.1")
    assert (sent["shape"], sent["fact"], sent["over"], sent["threshold"]) == (
        "比例不低于",
        "compounds_managed",
        "compounds_total",
        "0.30",
    )
    answer = author.post(f"/packs/drafts/{draft.pk}/items/12.1/", {**sent, "threshold": "３５％"})
    assert answer.status_code == 302
    text = page(author, f"/packs/drafts/{draft.pk}/changes/")
    assert "第12项 物业管理覆盖 · 第12.1项 · 规则" in text
    assert "ratio(compounds_managed, compounds_total) &gt;= 0.35" in text


def test_what_is_filled_in_wrongly_is_said_at_its_field_and_kept(author: Client, draft: Draft) -> None:
    sent = form_of(author, draft, "12.1")
    wrong = {**sent, "threshold": "许多", "title_zh": "", "points": "四"}
    answer = author.post(f"/packs/drafts/{draft.pk}/items/12.1/", wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="e-threshold"' in text
    assert 'id="e-title_zh"' in text
    assert 'value="许多"' in text
    assert queries.history_of(draft).count() == 0


def test_the_second_at_an_item_is_told_and_keeps_what_they_typed(author: Client, draft: Draft) -> None:
    sent = form_of(author, draft, "12.1")
    other = lead("other")
    other.post(f"/packs/drafts/{draft.pk}/items/12.1/", {**sent, "threshold": "0.40"})
    answer = author.post(f"/packs/drafts/{draft.pk}/items/12.1/", {**sent, "threshold": "0.50"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "other" in text
    assert 'name="threshold" value="0.50"' in text
    assert "<dd>0.40</dd>" in text
    again = {**sent, "threshold": "0.50", "seen": field(text, "seen")}
    assert author.post(f"/packs/drafts/{draft.pk}/items/12.1/", again).status_code == 302


def test_a_text_is_checked_while_it_is_typed_and_not_saved(author: Client, draft: Draft) -> None:
    text = queries.file_of(draft, "standard.yaml").text.replace("smart_security\n", "smart_securty\n")
    answer = author.post(f"/packs/drafts/{draft.pk}/files/standard.yaml/check/", {"text": text})
    assert "smart_security" in answer.content.decode()
    assert "standard.yaml:" in answer.content.decode()
    assert queries.history_of(draft).count() == 0


def test_the_second_at_a_file_sees_both_texts(author: Client, draft: Draft) -> None:
    address = f"/packs/drafts/{draft.pk}/files/parameters.yaml/"
    text = queries.file_of(draft, "parameters.yaml").text
    lead("other").post(address, {"text": text.replace("90", "60"), "seen": "0"})
    answer = author.post(address, {"text": text + "# 我的\n", "seen": "0"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "# 我的" in shown
    assert "+    value: 60" in shown or "value: 60" in shown
    merged = {"text": text.replace("90", "60") + "# 我的\n", "seen": field(shown, "seen")}
    assert author.post(address, merged).status_code == 302


def test_a_workbook_becomes_a_draft_with_its_wrong_sum_at_its_cell_and_is_settled(
    author: Client, base: InstalledPack
) -> None:
    sent = {"base": f"{base.pack_id}/{base.edition}", "title": "三十条"}
    file = SimpleUploadedFile("评分标准.xlsx", rubric())
    answer = author.post("/packs/drafts/upload/", {**sent, "file": file})
    draft = Draft.objects.get()
    assert answer["Location"] == f"/packs/drafts/{draft.pk}/"
    text = page(author, f"/packs/drafts/{draft.pk}/")
    assert "<code>评分标准!N24</code>" in text
    assert "22 分，各行合计 20 分" in text
    settled = {
        "names": "areas/environment",
        "seen": "0",
        "takes": "rows",
        "zh": "小计有误",
        "en": "A wrong sum",
    }
    author.post(f"/packs/drafts/{draft.pk}/settle/", settled)
    assert "22 分，各行合计 20 分" not in page(author, f"/packs/drafts/{draft.pk}/")
    assert "小计有误" in queries.file_of(draft, "standard.yaml").text


def test_unreadable_cells_are_all_shown_and_nothing_is_stored(author: Client, base: InstalledPack) -> None:
    file = SimpleUploadedFile("表.xlsx", rubric(r2={"分值（分）": "四分"}, r9={"简称": None}))
    sent = {"base": f"{base.pack_id}/{base.edition}", "title": "三十条", "file": file}
    answer = author.post("/packs/drafts/upload/", sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "<code>评分标准!N5</code>" in text
    assert "<code>评分标准!E13</code>" in text
    assert Draft.objects.count() == 0


def test_the_template_of_an_edition_is_its_workbook(author: Client, base: InstalledPack) -> None:
    answer = author.get(f"/packs/{base.pack_id}/{base.edition}/workbook.xlsx")
    assert answer.content[:2] == b"PK"
    file = SimpleUploadedFile("标准.xlsx", workbook_of(texts_of(queries.pack(base))))
    author.post(
        "/packs/drafts/upload/", {"base": f"{base.pack_id}/{base.edition}", "title": "同样", "file": file}
    )
    found = queries.checked(Draft.objects.get())
    assert found.sound


def test_an_author_finds_no_button_to_publish_and_the_second_person_does(
    author: Client, draft: Draft
) -> None:
    sent = form_of(author, draft, "16")
    author.post(
        f"/packs/drafts/{draft.pk}/items/16/", {**sent, "note_zh": "须公示", "note_en": "To be posted"}
    )
    author.post(f"/packs/drafts/{draft.pk}/move/submit/")
    number = next_edition("beijing-2021", beijing_pack().manifest.edition)
    assert "发布为新版次" not in page(author, f"/packs/drafts/{draft.pk}/")
    author.post(f"/packs/drafts/{draft.pk}/move/publish/")
    assert InstalledPack.objects.count() == 1
    second = lead("second")
    assert "发布为新版次" in page(second, f"/packs/drafts/{draft.pk}/")
    second.post(f"/packs/drafts/{draft.pk}/move/publish/")
    assert str(InstalledPack.objects.latest("pk")) == f"beijing-2021 {number}"
    assert "还没有施行" in page(second, f"/packs/drafts/{draft.pk}/")


def test_a_case_is_added_as_a_file(author: Client, draft: Draft) -> None:
    author.post(f"/packs/drafts/{draft.pk}/files/add/", {"path": "cases/new-case.yaml"})
    assert "cases/new-case.yaml" in queries.texts(draft)
    seen = queries.file_of(draft, "cases/new-case.yaml").version
    author.post(f"/packs/drafts/{draft.pk}/files/cases/new-case.yaml/remove/", {"seen": seen})
    assert "cases/new-case.yaml" not in queries.texts(draft)


def test_programs_read_and_check_a_draft(author: Client, draft: Draft) -> None:
    address = f"/api/v1/packs/beijing-2021/drafts/{draft.pk}"
    listed = author.get("/api/v1/packs/beijing-2021/drafts").json()
    assert [(one["number"], one["title"], one["state"]) for one in listed] == [
        (draft.pk, "物业覆盖提高", "open")
    ]
    whole = author.get(address).json()
    assert (whole["check"]["sound"], whole["files"]) == (True, queries.texts(draft))
    assert all(case["agrees"] for case in whole["check"]["cases"])
    text = whole["files"]["standard.yaml"].replace("rule: smart_security\n", "rule: smart_securty\n")
    token = make_token(User.objects.get(username="author"), at=clock.now())[1]
    program = Client(headers={"authorization": f"Bearer {token}"})
    sent = {"files": {"standard.yaml": text}}
    answer = program.post(f"{address}/check", sent, content_type="application/json")
    found = answer.json()
    assert not found["sound"]
    assert [one["code"] for one in found["problems"]] == ["unknown_fact"]
    assert queries.checked(draft).sound
    other = person("district")
    appoint(other, "district_lead", CITY.replace("990000", "990101"))
    assert signed_in(other).get("/api/v1/packs/beijing-2021/drafts").json() == []
    assert signed_in(other).get(address).status_code == 404


def test_every_word_of_the_forms_is_in_both_languages() -> None:
    used = [*forms.columns_of(indicator=False), *forms.SCORE]
    wanted = {column.heading for column in used} | {
        word for column in used for word in column.choices.values()
    }
    assert (wanted | set(NAMES.values())) - labels.WORDS == set()
