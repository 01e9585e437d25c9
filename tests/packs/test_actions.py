from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from greenward.core import clock
from greenward.core.models import AuditEntry
from greenward.packs import actions, queries
from greenward.packs.actions import EditionTakenError, StandardAloneError
from greenward.packs.loader.loading import PackFaultyError, digest, load
from greenward.packs.models import InstalledPack
from tests.factories.packs import (
    BEIJING,
    copy_of_beijing,
    former_beijing,
    install_beijing,
    install_former_beijing,
    spoil,
)

pytestmark = pytest.mark.django_db


def test_an_installed_pack_is_the_pack_and_leaves_one_audit_entry() -> None:
    edition = actions.install(BEIJING, by=None, at=clock.now())
    assert edition.digest == digest(load(BEIJING))
    assert queries.pack(edition) == load(BEIJING)
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["packs.install"]


def test_installing_the_same_pack_again_changes_nothing() -> None:
    first = actions.install(BEIJING, by=None, at=clock.now())
    assert actions.install(BEIJING, by=None, at=clock.now()) == first
    assert InstalledPack.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_another_content_under_the_same_edition_is_refused(tmp_path: Path) -> None:
    before = install_beijing()
    copy = copy_of_beijing(tmp_path)
    spoil(copy, "parameters.yaml", "value: 365", "value: 366")
    with pytest.raises(EditionTakenError) as refused:
        actions.install(copy, by=None, at=clock.now())
    assert refused.value.data["changes"] == ["~ parameters/training_interval_days/value: 365 → 366"]
    assert [edition.digest for edition in InstalledPack.objects.all()] == [before.digest]


def test_a_new_edition_stands_beside_the_old_one(tmp_path: Path) -> None:
    first = install_beijing()
    copy = copy_of_beijing(tmp_path)
    spoil(copy, "pack.yaml", 'edition: "2021.3"', 'edition: "2021.4"')
    spoil(copy, "parameters.yaml", "value: 365", "value: 366")
    second = actions.install(copy, by=None, at=clock.now())
    assert list(queries.installed_packs()) == [second, first]
    assert [change.place for change in queries.changes_since_previous(second)] == [
        "manifest/edition",
        "parameters/training_interval_days/value",
    ]


def test_a_faulty_pack_is_not_installed(tmp_path: Path) -> None:
    copy = copy_of_beijing(tmp_path)
    spoil(copy, "parameters.yaml", "value: 365", "value: many")
    with pytest.raises(PackFaultyError):
        actions.install(copy, by=None, at=clock.now())
    assert InstalledPack.objects.count() == 0


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_an_installed_pack_as_it_is(change: str) -> None:
    edition = install_beijing()
    everything = InstalledPack.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        everything.update(edition="2099.1") if change == "update" else everything.delete()
    assert InstalledPack.objects.get().edition == edition.edition


def test_the_edition_with_a_dictionary_installs_beside_the_one_without() -> None:
    old, new = install_former_beijing(), install_beijing()
    assert [edition.edition for edition in queries.installed_packs()] == ["2021.3", "2021.1"]
    assert queries.pack(old) == former_beijing()
    assert queries.pack(new).dictionary == load(BEIJING).dictionary
    assert "dictionary" in {change.place for change in queries.changes_since_previous(new)}


def test_a_standard_alone_is_not_installed() -> None:
    with pytest.raises(StandardAloneError):
        actions.install(Path(__file__).parent / "shapes" / "r01", by=None, at=clock.now())
    assert InstalledPack.objects.count() == 0


def test_the_model_of_a_hundred_points_can_be_installed() -> None:
    edition = actions.install(BEIJING.parent / "example-hundred", by=None, at=clock.now())
    assert queries.pack(edition) == load(BEIJING.parent / "example-hundred")
