"""Keeping files."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import TooManyRequestsError
from greenward.evidence.actions.look import take_in
from greenward.evidence.actions.unfit import UnfitFileError
from greenward.evidence.kinds import KINDS, Kind, kind_of
from greenward.evidence.models import File, Keeping
from greenward.evidence.pictures.looking import Look, look_at
from greenward.evidence.pictures.opening import DamagedPictureError
from greenward.evidence.queries.files import file_of, kept_since
from greenward.evidence.scanning import check_is_clean

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST_A_DAY = 1024 * MEGABYTE
"""A person's new files within 24 hours."""


@transaction.atomic
def keep_file(file_name: str, content: bytes, *, by: User | None, at: datetime) -> File:
    """Keep a file and return it: a content that is there already is not stored again.

    PDF, PNG, JPEG, WebP, Word (docx), Excel (xlsx) and OFD, at most 10 MiB, and of the kind that the name
    says; pictures up to 64 million pixels are looked at, and earlier ones that may show the same are noted.
    UnfitFileError for all else; InfectedFileError and ScannerFailedError where a virus scanner is configured;
    TooManyRequestsError beyond 1 GiB a person and day.
    """
    name = _plain_name(file_name)
    kind = _checked(name, content)
    if by is not None and kept_since(by, at - timedelta(days=1)) + len(content) > MOST_A_DAY:
        raise TooManyRequestsError(_("您今天上传的文件过多。"), hint=_("请明天再传，或压缩照片。"))
    digest = hashlib.sha256(content).hexdigest()
    if file_of(digest) is None:
        scanner = check_is_clean(name, content)
        look = _looked_at(name, content) if kind.is_picture else None
        draft = File(
            digest=digest,
            media_type=kind.media_type,
            size=len(content),
            content=content,
            name=name,
            by=by,
            at=at,
            scanner=scanner,
        )
        File.objects.bulk_create([draft], ignore_conflicts=True)  # somebody may keep the same right now
        if look is not None:
            take_in(File.objects.defer("content").get(digest=digest), look, by=by, at=at)
    kept = File.objects.defer("content").get(digest=digest)
    _keeping, fresh = Keeping.objects.get_or_create(file=kept, by=by, defaults={"name": name, "at": at})
    if fresh:
        audit.record(
            "evidence.keep_file",
            f"evidence.file:{digest}",
            by=by,
            at=at,
            size=kept.size,
            kind=kept.media_type,
        )
    return kept


def _plain_name(file_name: str) -> str:
    """Return the name without folders and control characters, its ending kept."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(sign for sign in name if sign.isprintable()).strip()
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:10]}" if dot else name[:190]


def _checked(name: str, content: bytes) -> Kind:
    if not content:
        raise UnfitFileError(_("文件是空的。"), hint=_("请重新选择文件。"), reason="empty")
    if len(content) > LARGEST:
        raise UnfitFileError(
            _("文件“%(name)s”超过 %(most)d MB。") % {"name": name, "most": LARGEST // MEGABYTE},
            hint=_("请压缩照片或拆分文件后再上传。"),
            reason="too_large",
        )
    endings = "、".join(ending.removeprefix(".") for kind in KINDS for ending in kind.endings)
    kind = kind_of(content)
    if kind is None:
        raise UnfitFileError(
            _("文件“%(name)s”不是可以上传的类型，或者已损坏、带宏、有密码。") % {"name": name},
            hint=_("可以上传：%(endings)s。iPhone 的 HEIC 照片请先转成 JPEG。") % {"endings": endings},
            reason="unknown_kind",
        )
    if not name.lower().endswith(kind.endings):
        raise UnfitFileError(
            _("文件“%(name)s”的扩展名与内容不符，内容是 %(kind)s。")
            % {"name": name, "kind": kind.endings[0].removeprefix(".")},
            hint=_("请核对文件，改正扩展名后再上传。"),
            reason="other_ending",
        )
    return kind


def _looked_at(name: str, content: bytes) -> Look:
    try:
        return look_at(content, timezone.get_default_timezone())
    except DamagedPictureError as error:
        raise UnfitFileError(
            _("图片“%(name)s”打不开，可能已损坏。") % {"name": name},
            hint=_("请重新拍摄或导出后再传。"),
            reason="damaged",
        ) from error
