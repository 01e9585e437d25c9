"""An export as Parquet, typed columns under codes: one file of a subject's places, or all in an archive."""

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import polars as pl

from greenward.packs.schema.pack import Pack
from greenward.survey.exports.chosen import Chosen, Subject
from greenward.survey.exports.columns import KINDS, Column, columns_of, table_columns, table_rows
from greenward.survey.exports.dictionary import dictionary_frame
from greenward.survey.exports.parts import source_columns, source_rows, sum_columns, sums_frame
from greenward.survey.exports.rows import blocks
from greenward.survey.exports.separated import about, only


def write_parquet(chosen: Chosen, pack: Pack, target: IO[bytes]) -> int:
    """Write the places of the one subject; return how many. SeveralSubjectsError for more than one."""
    del pack
    subject = only(chosen)
    with tempfile.TemporaryDirectory(prefix="greenward-export-") as name:
        file = _Pieces(Path(name), "data", columns_of(subject, chosen.wording, typed=True))
        for block in blocks(chosen, subject):
            file.add(block.rows)
        target.write(file.joined().read_bytes())
        return file.rows


def write_parquet_archive(chosen: Chosen, pack: Pack, target: IO[bytes]) -> int:
    """Write every subject, table, the sums, the sources and the dictionary as files of a ZIP archive."""
    total = 0
    with (
        tempfile.TemporaryDirectory(prefix="greenward-export-") as name,
        zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made,
    ):
        folder = Path(name)
        sources = _Pieces(folder, "sources", source_columns("codes"))
        for subject in chosen.subjects:
            total += _subject(chosen, subject, folder, sources, made)
        if chosen.sources:
            made.write(sources.joined(), "sources.parquet")
        sums = _Pieces(folder, "sums", sum_columns("codes"))
        sums.add(sums_frame(chosen))
        made.write(sums.joined(), "sums.parquet")
        dictionary_frame(pack).write_parquet(folder / "dictionary.parquet")
        made.write(folder / "dictionary.parquet", "dictionary.parquet")
        made.writestr("about.txt", about(chosen))
    return total


def _subject(
    chosen: Chosen, subject: Subject, folder: Path, sources: "_Pieces", made: zipfile.ZipFile
) -> int:
    file = _Pieces(folder, subject.id, columns_of(subject, chosen.wording, typed=True))
    tables = [
        (
            one,
            _Pieces(
                folder, f"{subject.id}-{one.id}", table_columns(subject, one, chosen.wording, typed=True)
            ),
        )
        for one in subject.tables
    ]
    for block in blocks(chosen, subject):
        file.add(block.rows)
        for one, pieces in tables:
            pieces.add(table_rows(block.rows, one))
        if block.sources is not None:
            sources.add(source_rows(block))
    for pieces in (file, *(one for _field, one in tables)):
        made.write(pieces.joined(), f"{pieces.name}.parquet")
    return file.rows


class _Pieces:
    """A Parquet file in the making: a piece per block, joined at the end without reading all at once."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Column]) -> None:
        self.name, self.rows = name, 0
        self._columns = columns
        self._folder = folder / f"pieces-{name}"
        self._folder.mkdir()
        self._joined = folder / f"joined-{name}.parquet"

    def add(self, frame: pl.DataFrame) -> None:
        cells = frame.select(column.selected() for column in self._columns)
        cells.write_parquet(self._folder / f"{self.rows:012}.parquet", compression="zstd")
        self.rows += frame.height

    def joined(self) -> Path:
        if not any(self._folder.iterdir()):
            shape = {column.name: KINDS[column.kind] for column in self._columns}
            pl.DataFrame(schema=shape).write_parquet(self._joined)
        else:
            pl.scan_parquet(self._folder / "*.parquet").sink_parquet(self._joined, compression="zstd")
        return self._joined
