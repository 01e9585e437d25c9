"""An embedded database is brought up to date; somebody's own is left alone."""

import pytest

from greenward.config import database


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    monkeypatch.setattr(database, "migrate", lambda: calls.append("migrated"))
    return calls


def test_embedded_database_that_is_behind_is_migrated(
    monkeypatch: pytest.MonkeyPatch, migrated: list[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(database, "missing_migrations", lambda: ["core.0009_more"])
    database.check_up_to_date()
    assert migrated == ["migrated"]


def test_own_database_that_is_behind_is_refused_untouched(
    monkeypatch: pytest.MonkeyPatch, migrated: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///offices_own")
    monkeypatch.setattr(database, "missing_migrations", lambda: ["core.0009_more"])
    with pytest.raises(database.DatabaseBehindError) as refused:
        database.check_up_to_date()
    assert refused.value.data == {"missing": ["core.0009_more"]}
    assert migrated == []


@pytest.mark.django_db
def test_migrated_database_lacks_nothing(migrated: list[str]) -> None:
    assert database.missing_migrations() == []
    database.check_up_to_date()
    assert migrated == []


@pytest.mark.django_db(transaction=True)
def test_migrating_twice_changes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    database.migrate()
    assert capfd.readouterr().err == ""
