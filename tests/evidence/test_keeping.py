"""Keeping files: known by their content, once, within limits, served so that nothing runs."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from greenward.core.errors import TooManyRequestsError
from greenward.core.models import AuditEntry
from greenward.evidence.actions import LARGEST, UnfitFileError, keep, keep_file
from greenward.evidence.kinds import kind_of
from greenward.evidence.models import File, Keeping
from greenward.evidence.queries import file_of, kept_by
from greenward.evidence.web.serving import file_response
from tests.evidence.conftest import FILES, claiming, jpeg, package, png, webp
from tests.factories.territories import person

AT = datetime(2022, 6, 15, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_each_kind_is_kept_and_comes_back_as_it_was(sound: tuple[str, bytes]) -> None:
    name, content = sound
    kept = keep_file(name, content, by=person(), at=AT)
    found = file_of(kept.digest)
    assert found is not None
    assert (found.name, found.size, bytes(found.content)) == (name, len(content), content)


@pytest.mark.django_db
def test_the_same_content_is_stored_once_and_belongs_to_all_who_handed_it_in() -> None:
    one, two = person("one"), person("two")
    first = keep_file("甲.png", png(), by=one, at=AT)
    again = keep_file("甲.png", png(), by=one, at=AT)
    other = keep_file("乙.png", png(), by=two, at=AT)
    assert {first.pk, again.pk, other.pk} == {File.objects.get().pk}
    assert (Keeping.objects.count(), AuditEntry.objects.filter(action="evidence.keep_file").count()) == (2, 2)
    assert [kept_by(user, [first.digest]) for user in (one, two, person("three"), None)] == [
        {first.digest},
        {first.digest},
        set(),
        {first.digest},
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name,content,reason",
    [
        ("空.pdf", b"", "empty"),
        ("大.pdf", b"%PDF-1.7" + bytes(LARGEST), "too_large"),
        ("页.html", b"<html><script>1</script>", "unknown_kind"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_kind"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_kind"),
        ("程序.exe", b"MZ\x90\x00", "unknown_kind"),
        ("程序.pdf", b"\x7fELF", "unknown_kind"),
        ("图.jpg", png(), "other_ending"),
        ("图", png(), "other_ending"),
        (
            "宏.docx",
            package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "unknown_kind",
        ),
        ("别的.zip", package("a.txt"), "unknown_kind"),
        ("半.png", png(90, 90)[:-40], "damaged"),
        ("半.jpg", jpeg(90, 90)[:-40], "damaged"),
        ("半.webp", webp(90, 90)[:-20], "unknown_kind"),
        ("巨.png", png(30_001, 1), "unknown_kind"),
        ("巨.jpg", claiming(20_000, 20_000), "unknown_kind"),
        ("零.webp", webp()[:20], "unknown_kind"),
    ],
)
def test_everything_else_is_refused_with_a_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(UnfitFileError) as caught:
        keep_file(name, content, by=None, at=AT)
    assert caught.value.data == {"reason": reason}
    assert not File.objects.exists()


@pytest.mark.parametrize("cut", range(0, 64, 3))
def test_broken_contents_are_no_fault(cut: int) -> None:
    for content in FILES.values():
        kind_of(content[:cut])
        kind_of(content[cut:])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given,kept",
    [("C:\\图\\现场.png", "现场.png"), ("../../x.png", "x.png"), ("一\u202e\n二.png", "一二.png")],
)
def test_names_lose_folders_and_control_signs(given: str, kept: str) -> None:
    assert keep_file(given, png(), by=None, at=AT).name == kept


@pytest.mark.django_db
def test_a_person_keeps_only_so_much_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MOST_A_DAY", len(png()) + 1)
    user = person()
    keep_file("甲.png", png(), by=user, at=AT)
    with pytest.raises(TooManyRequestsError):
        keep_file("乙.png", png(5), by=user, at=AT)
    assert File.objects.count() == 1


@pytest.mark.django_db
def test_a_file_is_served_so_that_nothing_runs() -> None:
    kept = keep_file("现场 1.png", png(), by=None, at=AT)
    answer = file_response(kept)
    assert answer.content == png()
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one_file() -> None:
    user, start = person(), threading.Barrier(4)

    def hand_in() -> None:
        start.wait()
        keep_file("现场.png", png(), by=user, at=AT)
        connection.close()

    threads = [threading.Thread(target=hand_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (File.objects.count(), Keeping.objects.count()) == (1, 1)
