"""An export as CSV: one file of a subject's places, or everything in one archive."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl
from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.packs.schema.pack import Pack
from greenward.survey.exports.chosen import Chosen, Subject, Wording
from greenward.survey.exports.columns import Column, columns_of, table_columns, table_rows
from greenward.survey.exports.dictionary import TEXTS, dictionary_frame, headings
from greenward.survey.exports.manifest import facts_about
from greenward.survey.exports.parts import source_columns, source_rows, sum_columns, sums_frame
from greenward.survey.exports.rows import blocks

MARK = b"\xef\xbb\xbf"
"""What tells Excel that a CSV is UTF-8."""
FORMULA = r"^([=+\-@\t\r])"

Part = tuple[str, Sequence[Column]]


class SeveralSubjectsError(InvalidInputError):
    """One file holds one subject; several need an archive."""

    code = "several_subjects"


def write_csv(chosen: Chosen, pack: Pack, target: IO[bytes]) -> int:
    """Write the places of the one subject; return how many. SeveralSubjectsError for more than one."""
    del pack
    subject = only(chosen)
    columns, total = columns_of(subject, chosen.wording), 0
    begin(target, columns)
    for block in blocks(chosen, subject):
        append(target, columns, block.rows)
        total += block.rows.height
    return total


def write_csv_archive(chosen: Chosen, pack: Pack, target: IO[bytes]) -> int:
    """Write every subject, table, the sums, the sources and the dictionary as files of a ZIP archive."""
    total = 0
    with _files() as open_file, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as made:
        for subject in chosen.subjects:
            total += _spool(chosen, subject, open_file)
        sums = sum_columns(chosen.wording)
        append(open_file("sums", sums), sums, sums_frame(chosen))
        for name, file in open_file.opened().items():
            file.flush()
            made.write(file.name, f"{name}.csv")
        made.writestr("dictionary.csv", dictionary_csv(pack, codes=chosen.wording == "codes"))
        made.writestr("about.txt", MARK + about(chosen).encode())
    return total


def only(chosen: Chosen) -> Subject:
    """Return the one subject; SeveralSubjectsError for more."""
    if len(chosen.subjects) != 1:
        raise SeveralSubjectsError(
            _("一个文件只放一个层级。"),
            hint=_("请选择层级，或改用压缩包。"),
            subjects=[subject.id for subject in chosen.subjects],
        )
    return chosen.subjects[0]


def begin(target: IO[bytes], columns: Sequence[Column]) -> None:
    """Write the mark and the headings."""
    target.write(MARK)
    head = pl.DataFrame({f"{number}": [column.heading] for number, column in enumerate(columns)})
    head.write_csv(target, include_header=False)


def append(target: IO[bytes], columns: Sequence[Column], rows: pl.DataFrame) -> None:
    """Append rows: dates in ISO form, whole numbers without a point, no text that starts a formula."""
    cells = rows.select(column.selected() for column in columns)
    cells.with_columns(
        *(pl.col(column.name).str.replace(FORMULA, "'${1}") for column in columns if column.kind == "text"),
        *(
            pl.col(column.name).round(0).cast(pl.Int64)
            for column in columns
            if column.kind == "number" and column.decimals == 0
        ),
    ).write_csv(target, include_header=False)


def dictionary_csv(pack: Pack, *, codes: bool = False) -> bytes:
    """Return the field dictionary as CSV."""
    buffer, named = io.BytesIO(), headings()
    columns = [Column(one, one if codes else named[one], "text", pl.col(one)) for one in TEXTS]
    begin(buffer, columns)
    append(buffer, columns, dictionary_frame(pack))
    return buffer.getvalue()


def about(chosen: Chosen) -> str:
    """Return what must be known about the export, as plain text."""
    return "".join(f"{name}：{text}\r\n" for name, text in facts_about(chosen))


class _Spool:
    """Files that are opened when first named, each with its headings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}

    def __call__(self, name: str, columns: Sequence[Column]) -> IO[bytes]:
        if name not in self._files:
            self._files[name] = (self._folder / f"{len(self._files)}.csv").open("wb")
            begin(self._files[name], columns)
        return self._files[name]

    def opened(self) -> dict[str, IO[bytes]]:
        return self._files

    def close(self) -> None:
        for file in self._files.values():
            file.close()


@contextmanager
def _files() -> Iterator[_Spool]:
    with tempfile.TemporaryDirectory(prefix="greenward-export-") as name:
        spool = _Spool(Path(name))
        try:
            yield spool
        finally:
            spool.close()


def _spool(chosen: Chosen, subject: Subject, open_file: Callable[[str, Sequence[Column]], IO[bytes]]) -> int:
    wording: Wording = chosen.wording
    total, columns = 0, columns_of(subject, wording)
    tables = [(one, table_columns(subject, one, wording)) for one in subject.tables]
    sources = source_columns(wording)
    open_file(subject.id, columns)
    for one, shape in tables:
        open_file(f"{subject.id}-{one.id}", shape)
    for block in blocks(chosen, subject):
        total += block.rows.height
        append(open_file(subject.id, columns), columns, block.rows)
        for one, shape in tables:
            append(open_file(f"{subject.id}-{one.id}", shape), shape, table_rows(block.rows, one))
        if block.sources is not None:
            append(open_file("sources", sources), sources, source_rows(block))
    return total
