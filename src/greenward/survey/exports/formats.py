"""The formats in which values are taken out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from greenward.core.errors import NotFoundError
from greenward.packs.schema.pack import Pack
from greenward.survey.exports.chosen import Chosen
from greenward.survey.exports.parquet import write_parquet, write_parquet_archive
from greenward.survey.exports.separated import write_csv, write_csv_archive
from greenward.survey.exports.workbook import write_workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, PARQUET, ARCHIVE = "text/csv; charset=utf-8", "application/vnd.apache.parquet", "application/zip"


@dataclass(frozen=True)
class Format:
    """A format: its name in addresses, how people call it, the file's ending and kind, and its writer.

    ``cells`` is how many cells a browser may ask for at once, so that the answer takes seconds.
    """

    name: str
    title: StrOrPromise
    suffix: str
    content_type: str
    write: Callable[[Chosen, Pack, IO[bytes]], int]
    cells: int


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("xlsx", gettext_lazy("Excel 工作簿"), "xlsx", EXCEL, write_workbook, 4_000_000),
        Format("csv", gettext_lazy("CSV（一个层级）"), "csv", CSV, write_csv, 20_000_000),
        Format("csv.zip", gettext_lazy("CSV（全部，压缩包）"), "zip", ARCHIVE, write_csv_archive, 20_000_000),
        Format("parquet", gettext_lazy("Parquet（一个层级）"), "parquet", PARQUET, write_parquet, 20_000_000),
        Format(
            "parquet.zip",
            gettext_lazy("Parquet（全部，压缩包）"),
            "zip",
            ARCHIVE,
            write_parquet_archive,
            20_000_000,
        ),
    )
}


def format_named(name: str) -> Format:
    """Return the format; NotFoundError naming those that exist."""
    if name not in FORMATS:
        raise NotFoundError(
            _("没有“%(name)s”这种格式。") % {"name": name},
            hint=_("可用的：%(known)s。") % {"known": "、".join(FORMATS)},
            format=name,
        )
    return FORMATS[name]


def file_name(chosen: Chosen, form: Format) -> str:
    """Return the name under which an export is saved."""
    subject = chosen.subjects[0].id if len(chosen.subjects) == 1 else "all"
    return f"greenward-{subject}-{chosen.place.place.code}-{chosen.as_of:%Y-%m-%d}.{form.suffix}"
