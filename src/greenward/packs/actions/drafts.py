"""Writing a draft: begin it, change its files, and never over somebody else's change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.packs import access
from greenward.packs.drafting import editions, entries, splicing
from greenward.packs.drafting.written import texts_of
from greenward.packs.loader.sheets import MAX_BYTES, MAX_FILES, kind_of, unknown_file
from greenward.packs.models import Draft, DraftChange, DraftFile, InstalledPack
from greenward.packs.queries.editions import pack as pack_of

STANDARD = "standard.yaml"


class DraftChangedError(ConflictError):
    """Somebody changed the same part since it was opened; ``data`` holds theirs, and nothing is lost."""

    code = "draft_changed"


def begin(edition: InstalledPack, *, title: str, by: User, at: datetime) -> Draft:
    """Begin a draft of the edition after an installed one. Raises NotAllowedError."""
    pack = pack_of(edition)
    return begin_from_texts(
        editions.renumbered(texts_of(pack), pack),
        pack.manifest.id,
        pack.manifest.territory,
        base=edition,
        title=title,
        by=by,
        at=at,
    )


@transaction.atomic
def begin_from_texts(
    texts: Mapping[str, str],
    pack_id: str,
    territory: str,
    *,
    base: InstalledPack | None,
    title: str,
    by: User,
    at: datetime,
    cells: Mapping[str, Mapping[str, str]] | None = None,
    source: str = "",
) -> Draft:
    """Begin a draft with these files; ``source`` names the workbook, ``cells`` says where parts stood in it.

    Raises NotAllowedError, InvalidInputError for a file that no pack has.
    """
    access.check_may_write(by, territory)
    for path, text in texts.items():
        _check_file(path, text)
    draft = Draft.objects.create(
        pack_id=pack_id,
        title=_title(title),
        territory=territory,
        base=base,
        cells=dict(cells or {}),
        created_by=by,
        created_at=at,
    )
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, path=path, text=text, version=0) for path, text in texts.items()
    )
    DraftChange.objects.bulk_create(
        DraftChange(draft=draft, version=0, path=path, text=text, note=source, by=by, at=at)
        for path, text in texts.items()
    )
    audit.record(
        "packs.begin_draft", draft, by=by, at=at, pack=pack_id, base=str(base or ""), files=len(texts)
    )
    return draft


@transaction.atomic
def edit(
    draft: Draft, path: str, text: str, *, seen: int | None, note: str = "", by: User, at: datetime
) -> Draft:
    """Write a file of a draft; ``seen`` is the version of the file that was opened, None for a new file.

    Raises NotAllowedError, ConflictError where the draft is closed, DraftChangedError where the file
    changed since, InvalidInputError for a file that no pack has. The same text again changes nothing.
    """
    draft = _opened(draft, by)
    text = text.replace("\r\n", "\n")
    _check_file(path, text)
    file = DraftFile.objects.filter(draft=draft, path=path).first()
    if file is None and draft.files.count() >= MAX_FILES:
        raise InvalidInputError(_("文件太多了。"), hint=_("请先删去不用的文件。"))
    if file is not None and file.text == text:
        return draft
    if (file.version if file else None) != seen:
        raise _changed(draft, path, file)
    return _write(draft, path, text, note=note, by=by, at=at)


@transaction.atomic
def remove(draft: Draft, path: str, *, seen: int, by: User, at: datetime) -> Draft:
    """Take a file out of a draft; raises as ``edit``."""
    draft = _opened(draft, by)
    file = DraftFile.objects.filter(draft=draft, path=path).first()
    if file is None or file.version != seen:
        raise _changed(draft, path, file)
    return _write(draft, path, None, note="", by=by, at=at)


@transaction.atomic
def write_entry(
    draft: Draft,
    path: str,
    names: tuple[str, ...],
    data: Mapping[str, Any] | None,
    *,
    seen: str,
    note: str = "",
    by: User,
    at: datetime,
) -> Draft:
    """Write one entry of a file, such as ``("items", "3")``; the rest of its text stays. None takes it out.

    ``seen`` is the mark (``entries.mark_of``) of the entry as it was opened, empty for a new one:
    whoever changed another entry meanwhile is no hindrance. Raises as ``edit``.
    """
    draft = _opened(draft, by)
    file = DraftFile.objects.filter(draft=draft, path=path).first()
    if file is None:
        raise _changed(draft, path, None)
    place = entries.place_of(splicing.data_of(file.text, path), names)
    now = entries.at(splicing.data_of(file.text, path), place) if place is not None else None
    if (entries.mark_of(now) if now is not None else "") != seen:
        raise _changed(draft, path, file, names=names)
    text = entries.rewritten(file.text, path, names, place, data)
    if text == file.text:
        return draft
    return _write(draft, path, text, note=note, by=by, at=at)


@transaction.atomic
def settle(
    draft: Draft,
    names: tuple[str, ...],
    *,
    takes: str,
    note: Mapping[str, str],
    seen: int,
    by: User,
    at: datetime,
) -> Draft:
    """Say how an inconsistency of the standard's source is to be read: ``takes`` rows or stated, and why.

    ``names`` lead to what states the figure: an area, an item, an indicator, or the whole (empty).
    Raises as ``edit``; InvalidInputError without a note in both languages.
    """
    if takes not in ("rows", "stated") or not all(note.get(key, "").strip() for key in ("zh", "en")):
        raise InvalidInputError(
            _("请选择按哪个理解，并用中文和英文写明理由。"), hint=_("理由会和标准一起公布。"), field="note"
        )
    draft = _opened(draft, by)
    file = DraftFile.objects.filter(draft=draft, path=STANDARD).first()
    if file is None or file.version != seen:
        raise _changed(draft, STANDARD, file)
    reading = {"takes": takes, "note": {key: note[key].strip() for key in ("zh", "en")}}
    place = entries.place_of(splicing.data_of(file.text, STANDARD), names)
    if place is None:
        raise _changed(draft, STANDARD, file, names=names)
    text = splicing.set_key(file.text, STANDARD, (*place, "reading"), reading)
    return _write(draft, STANDARD, text, note=_("说明不一致按哪个理解"), by=by, at=at)


def _opened(draft: Draft, by: User) -> Draft:
    """Lock the draft; whoever comes second waits, and then sees what the first one wrote."""
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    access.check_may_write(by, found.territory)
    access.check_can_edit(found)
    return found


def _write(draft: Draft, path: str, text: str | None, *, note: str, by: User, at: datetime) -> Draft:
    draft.version += 1
    draft.save(update_fields=["version"])
    if text is None:
        DraftFile.objects.filter(draft=draft, path=path).delete()
    else:
        DraftFile.objects.update_or_create(
            draft=draft, path=path, defaults={"text": text, "version": draft.version}
        )
    DraftChange.objects.create(
        draft=draft, version=draft.version, path=path, text=text, note=note, by=by, at=at
    )
    audit.record("packs.edit_draft", draft, by=by, at=at, file=path, version=draft.version)
    return draft


def _check_file(path: str, text: str) -> None:
    if kind_of(path) is None or path.startswith("../"):
        raise InvalidInputError(f"{path}：{unknown_file(path)}", hint=_("请核对文件名。"), field="path")
    if len(text.encode()) > MAX_BYTES:
        raise InvalidInputError(
            _("{path} 大于{n}字节。").format(path=path, n=MAX_BYTES), hint=_("请拆分或精简。"), field="text"
        )


def _title(title: str) -> str:
    title = title.strip()
    if not title:
        raise InvalidInputError(
            _("请给草稿起个名字。"), hint=_("例如写明改什么：物业覆盖提高到35%。"), field="title"
        )
    return title[:200]


def _changed(
    draft: Draft, path: str, file: DraftFile | None, *, names: tuple[str, ...] = ()
) -> DraftChangedError | NotFoundError:
    last = DraftChange.objects.filter(draft=draft, path=path).select_related("by").order_by("-id").first()
    if last is None:
        return NotFoundError(_("草稿里没有 {path}。").format(path=path), hint=_("请核对文件名。"))
    what = f"{path} {'/'.join(names)}".strip()
    return DraftChangedError(
        _("{what} 在您打开之后已被{who}于 {when} 改过。").format(
            what=what, who=last.by, when=localtime(last.at).strftime("%m-%d %H:%M")
        ),
        hint=_("您的内容还在下面，没有丢失：请对照对方的改动，合并后再保存。"),
        text=file.text if file else None,
        version=file.version if file else None,
    )
