"""Drafts of editions: who may write them, two at once, and the second person."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.core.models import AuditEntry
from greenward.packs import actions, queries
from greenward.packs.actions import DraftChangedError, EditionTakenError, SecondPersonError
from greenward.packs.drafting import entries, splicing
from greenward.packs.loader.loading import PackFaultyError
from greenward.packs.models import Draft, DraftChange, DraftFile, InstalledPack
from greenward.packs.states import DraftState
from tests.factories.packs import small_pack, store
from tests.factories.territories import CITY, DISTRICT, appoint, person, place_tree

pytestmark = pytest.mark.django_db

AT = datetime(2022, 9, 15, 9, tzinfo=UTC)
STANDARD = "standard.yaml"


@pytest.fixture
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstalledPack]:
    from greenward.packs.loader.loading import load

    place_tree()
    return store(load(small_pack(tmp_path_factory.mktemp("packs"))))


def lead(name: str) -> User:
    user = person(name)
    appoint(user, "city_lead", CITY)
    return user


@pytest.fixture
def author(base: InstalledPack) -> User:
    return lead("author")


@pytest.fixture
def second(base: InstalledPack) -> User:
    return lead("second")


@pytest.fixture
def draft(base: InstalledPack, author: User) -> Draft:
    return actions.begin(base, title="电梯两部", by=author, at=AT)


def change(draft: Draft, old: str, new: str, *, by: User, path: str = STANDARD) -> Draft:
    file = queries.file_of(draft, path)
    text = file.text.replace(old, new)
    assert text != file.text
    return actions.edit(draft, path, text, seen=file.version, by=by, at=AT)


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (InstalledPack, Draft, DraftFile, DraftChange, AuditEntry)
    )


def test_a_draft_begins_as_its_edition_under_the_next_number(draft: Draft, base: InstalledPack) -> None:
    found = queries.checked(draft)
    assert found.sound
    assert found.pack is not None
    assert found.pack.manifest.edition == "2025.2"
    assert [each.place for each in queries.changes_against_base(draft, found.pack)] == ["manifest/edition"]
    assert draft.base == base


def test_whoever_may_not_install_sees_no_draft_and_writes_none(draft: Draft, base: InstalledPack) -> None:
    for name, role, where in (("district", "district_lead", DISTRICT), ("auditor", "auditor", CITY)):
        other = person(name)
        appoint(other, role, where)
        before = counts()
        assert list(queries.drafts_for(other)) == []
        with pytest.raises(NotFoundError):
            queries.draft_for(other, draft.pk)
        with pytest.raises(NotAllowedError):
            actions.begin(base, title="x", by=other, at=AT)
        with pytest.raises(NotAllowedError):
            actions.edit(draft, STANDARD, "x: 1", seen=0, by=other, at=AT)
        assert counts() == before


def test_the_second_editor_of_a_file_is_told_and_nothing_is_lost(
    draft: Draft, author: User, second: User
) -> None:
    mine = queries.file_of(draft, STANDARD)
    change(draft, "lifts >= 1", "lifts >= 2", by=second)
    before = counts()
    with pytest.raises(DraftChangedError) as refused:
        actions.edit(draft, STANDARD, mine.text + "# 我的\n", seen=mine.version, by=author, at=AT)
    assert "second" in str(refused.value)
    assert "lifts >= 2" in str(refused.value.data["text"])
    assert counts() == before


def test_two_editors_of_two_entries_do_not_hinder_each_other(
    draft: Draft, author: User, second: User
) -> None:
    data = splicing.data_of(queries.file_of(draft, STANDARD).text, STANDARD)
    area, item = data["areas"][0], data["items"][0]
    actions.write_entry(
        draft, STANDARD, ("areas", "life"), {**area, "title": {"zh": "起居", "en": "Life"}},
        seen=entries.mark_of(area), by=second, at=AT,
    )  # fmt: skip
    actions.write_entry(
        draft, STANDARD, ("items", "1"), {**item, "rule": "lifts >= 2"},
        seen=entries.mark_of(item), by=author, at=AT,
    )  # fmt: skip
    text = queries.file_of(draft, STANDARD).text
    assert "起居" in text
    assert "lifts >= 2" in text
    with pytest.raises(DraftChangedError):
        actions.write_entry(
            draft, STANDARD, ("items", "1"), {**item, "rule": "lifts >= 3"},
            seen=entries.mark_of(item), by=second, at=AT,
        )  # fmt: skip


def test_the_same_text_again_changes_nothing(draft: Draft, author: User) -> None:
    file = queries.file_of(draft, STANDARD)
    before = counts()
    actions.edit(draft, STANDARD, file.text.replace("\n", "\r\n"), seen=99, by=author, at=AT)
    assert counts() == before


@pytest.mark.parametrize("path", ["../other/pack.yaml", "notes.txt", "/etc/passwd", "forms/../pack.yaml"])
def test_no_pack_has_such_a_file(draft: Draft, author: User, path: str) -> None:
    with pytest.raises(InvalidInputError):
        actions.edit(draft, path, "a: 1", seen=None, by=author, at=AT)


def test_a_failing_case_shows_what_was_expected_and_found(draft: Draft, author: User) -> None:
    change(draft, "lifts >= 1", "lifts >= 2", by=author)
    found = queries.checked(draft)
    assert [each.problem.code for each in found.problems] == ["case_failed"]
    outcome = found.outcomes[0]
    assert [(one.about, one.expected, one.found) for one in outcome.compared] == [("结论", "met", "unmet")]
    assert [(one.fact, one.value) for one in outcome.given] == [("lifts", "1")]
    assert not outcome.agrees


def raise_to_two(draft: Draft, by: User) -> Draft:
    change(draft, "lifts >= 1", "lifts >= 2", by=by)
    return change(draft, "lifts: 1", "lifts: 2", by=by, path="cases/met.yaml")


def test_a_second_person_publishes_and_the_edition_stays(draft: Draft, author: User, second: User) -> None:
    actions.submit(raise_to_two(draft, author), by=author, at=AT)
    edition = actions.publish(draft, by=second, at=AT)
    assert str(edition) == "small 2025.2"
    assert [each.place for each in queries.changes_since_previous(edition)] == [
        "manifest/edition",
        "standard/items/1/rule",
        "cases/met/facts/lifts",
    ]
    draft.refresh_from_db()
    assert (draft.state, draft.published, draft.decided_by) == (DraftState.PUBLISHED, edition, second)
    assert list(AuditEntry.objects.values_list("action", flat=True).order_by("number"))[-2:] == [
        "packs.submit_draft",
        "packs.publish_draft",
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(reason="x")


@pytest.mark.parametrize("hand", ["made", "changed", "submitted"])
def test_nobody_who_had_a_hand_in_it_publishes_and_nothing_changes(
    draft: Draft, author: User, second: User, hand: str
) -> None:
    third = lead("third")
    raise_to_two(draft, second)
    actions.submit(draft, by=third, at=AT)
    who = {"made": author, "changed": second, "submitted": third}[hand]
    before = counts()
    for verb in (actions.publish, lambda one, **how: actions.send_back(one, reason="x", **how)):
        with pytest.raises(SecondPersonError):
            verb(draft, by=who, at=AT)
    assert counts() == before
    assert Draft.objects.get(pk=draft.pk).state == DraftState.SUBMITTED


@pytest.mark.parametrize("hand", ["made", "changed", "submitted", "nobody"])
def test_the_database_itself_refuses_an_author(
    draft: Draft, author: User, second: User, base: InstalledPack, hand: str
) -> None:
    third = lead("third")
    raise_to_two(draft, second)
    actions.submit(draft, by=third, at=AT)
    who = {"made": author, "changed": second, "submitted": third, "nobody": None}[hand]
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(
            state=DraftState.PUBLISHED, decided_by=who, decided_at=AT, published=base
        )
    assert Draft.objects.get(pk=draft.pk).state == DraftState.SUBMITTED


def test_what_is_submitted_is_closed_until_it_comes_back(draft: Draft, author: User, second: User) -> None:
    actions.submit(raise_to_two(draft, author), by=author, at=AT)
    with pytest.raises(ConflictError):
        change(draft, "lifts >= 2", "lifts >= 3", by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftFile.objects.filter(draft=draft, path=STANDARD).update(text="x")
    with pytest.raises(InvalidInputError):
        actions.send_back(draft, reason=" ", by=second, at=AT)
    actions.send_back(draft, reason="请补案例", by=second, at=AT)
    change(draft, "lifts >= 2", "lifts >= 3", by=author)
    change(draft, "lifts: 2", "lifts: 3", by=author, path="cases/met.yaml")
    actions.submit(draft, by=author, at=AT)
    assert str(actions.publish(draft, by=second, at=AT)) == "small 2025.2"


def test_an_unsound_draft_is_not_submitted(draft: Draft, author: User) -> None:
    change(draft, "lifts >= 1", "lifs >= 1", by=author)
    before = counts()
    with pytest.raises(PackFaultyError):
        actions.submit(draft, by=author, at=AT)
    assert counts() == before


def test_a_number_that_is_taken_is_refused(draft: Draft, author: User) -> None:
    change(draft, "2025.2", "2025.1", by=author, path="pack.yaml")
    change(draft, "lifts >= 1", "lifts >= 0", by=author)
    with pytest.raises(EditionTakenError):
        actions.submit(draft, by=author, at=AT)


def test_a_draft_stays_of_its_pack_and_territory(draft: Draft, author: User) -> None:
    change(draft, "990000000000", "110000000000", by=author, path="pack.yaml")
    with pytest.raises(InvalidInputError):
        actions.submit(draft, by=author, at=AT)


def test_history_cannot_be_rewritten(draft: Draft, author: User) -> None:
    change(draft, "lifts >= 1", "lifts >= 2", by=author)
    for write in (lambda rows: rows.update(text="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            write(DraftChange.objects.filter(draft=draft))
    latest = queries.history_of(draft)[0]
    assert "lifts >= 1" in queries.text_before(latest)


def test_an_inconsistency_is_settled_with_a_note(draft: Draft, author: User) -> None:
    file = queries.file_of(draft, STANDARD)
    text = splicing.set_key(file.text, STANDARD, ("areas", 0, "points"), 9)
    text = splicing.set_key(text, STANDARD, ("items", 0, "points"), 8)
    actions.edit(draft, STANDARD, text, seen=file.version, by=author, at=AT)
    found = [each for each in queries.checked(draft).problems if each.inconsistent]
    assert [each.names for each in found] == [("areas", "life")]
    version = queries.file_of(draft, STANDARD).version
    with pytest.raises(InvalidInputError):
        actions.settle(
            draft, found[0].names, takes="rows", note={"zh": "x", "en": ""}, seen=version, by=author, at=AT
        )
    note = {"zh": "小计有误", "en": "A wrong subtotal"}
    actions.settle(draft, found[0].names, takes="rows", note=note, seen=version, by=author, at=AT)
    assert [each for each in queries.checked(draft).problems if each.inconsistent] == []
    assert "小计有误" in queries.file_of(draft, STANDARD).text


def test_the_list_costs_the_same_with_more_drafts(base: InstalledPack, author: User) -> None:
    actions.begin(base, title="一", by=author, at=AT)
    with CaptureQueriesContext(connection) as one:
        list(queries.drafts_for(author))
    for number in range(3):
        actions.begin(base, title=str(number), by=author, at=AT)
    with CaptureQueriesContext(connection) as four:
        assert len(list(queries.drafts_for(author))) == 4
    assert len(one) == len(four)
