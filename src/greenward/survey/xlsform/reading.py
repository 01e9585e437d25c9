"""What servers of field apps give: tables (CSV, a ZIP of them, Excel), JSON, or a submission's own XML."""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeElementTree
from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.packs.schema.forms import Form
from greenward.survey.workbooks.opening import FROM_BROWSER, Limits, Sheet, open_workbook
from greenward.survey.xlsform.naming import PLACE_QUESTIONS, cell_name, form_id
from greenward.survey.xlsform.received import Leaves, Submission, leaf_name, leaves_of, submission_of

MOST_FILES = 60
"""Files in an archive: a table and its repeats."""
MOST_XML = 4 * 1024 * 1024
PARENTS = ("PARENT_KEY", "_submission__uuid", "_parent_index")
"""Columns of a repeat's table that name the row that it belongs to, and what they name there:"""
NAMED = {"PARENT_KEY": "KEY", "_submission__uuid": "_uuid", "_parent_index": "_index"}


class SubmissionsError(InvalidInputError):
    """What was handed in holds no submissions of this form; ``data["reason"]`` says why."""

    code = "submissions_refused"


def read_file(file_name: str, content: bytes, form: Form, limits: Limits = FROM_BROWSER) -> list[Submission]:
    """Return the submissions in a file: .csv, .zip of them, .xlsx, .json or .xml by its name.

    SubmissionsError or WorkbookError where it cannot be read; entities in XML are refused.
    """
    suffix = PurePath(file_name).suffix.lower()
    if suffix == ".xml":
        return [read_xml(content, form)]
    if suffix == ".json":
        return read_json(parsed(content), form)
    sheets = (
        _archive(content, limits) if suffix == ".zip" else open_workbook(file_name, content, limits).sheets
    )
    return _from_tables(sheets, form)


def read_json(data: object, form: Form) -> list[Submission]:
    """Return the submissions in JSON: a list of them, or Kobo's ``results``, or OData's ``value``."""
    if isinstance(data, Mapping):
        data = next((data[name] for name in ("results", "value", "submissions") if name in data), [data])
    if not isinstance(data, list) or not all(isinstance(one, Mapping) for one in data):
        raise _refused("not_submissions", _("JSON 中没有提交记录。"))
    return [
        submission_of(leaves_of(one), form, label=_("第%(n)d条") % {"n": number})
        for number, one in enumerate(data, 1)
    ]


def parsed(content: bytes) -> object:
    """Return what JSON says; SubmissionsError where it is none, or holds text that no database can hold."""
    try:
        data = json.loads(content)
        text = json.dumps(data, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError) as error:
        raise _refused("bad_json", _("JSON 无法读取。")) from error
    if "\\u0000" in text:
        raise _refused("bad_json", _("JSON 中有空字符。"))
    return data


def read_xml(content: bytes | str, form: Form) -> Submission:
    """Return the submission in an instance's XML."""
    if len(content) > MOST_XML:
        raise _refused("too_large", _("XML 过大。"))
    try:
        root = SafeElementTree.fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise _refused("bad_xml", _("XML 无法读取，或含有不接受的内容（DTD、实体）。")) from error
    if root.get("id") not in {None, form_id(form)}:
        raise _refused(
            "other_form",
            _("这是“%(id)s”的提交，不是“%(form)s”。") % {"id": root.get("id"), "form": form.title},
        )
    tables = {field.id for field in form.fields if field.type == "table"}
    return submission_of(
        _xml_leaves(root, tables), form, label=_("提交记录"), version=root.get("version") or ""
    )


def _xml_leaves(element: Element, tables: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name in tables:
            found.setdefault(name, []).append(_xml_leaves(child, set()))
        elif len(child):
            found |= _xml_leaves(child, tables)
        elif name:
            found[name] = child.text or ""
    return found


def _from_tables(sheets: Sequence[Sheet], form: Form) -> list[Submission]:
    tables = [(sheet.name, list(_rows(sheet))) for sheet in sheets]
    names = {*PLACE_QUESTIONS.values(), *(field.id for field in form.fields)}
    main = [rows for _name, rows in tables if rows and _is_main(rows[0][1], names)]
    if not main:
        raise _refused(
            "no_columns",
            _("没有找到这张表的列。"),
            _("请从 ODK 或 Kobo 按“XML 值和表头”导出，不要按标签导出。"),
        )
    repeats = [rows for _name, rows in tables if rows and not _is_main(rows[0][1], names)]
    beside = _repeated(repeats, form)
    return [
        submission_of({**row, **_of(row, beside)}, form, label=_("第%(n)d行") % {"n": number})
        for rows in main
        for number, row in rows
    ]


def _is_main(row: Leaves, names: set[str]) -> bool:
    return bool(row.keys() & names) and not (row.keys() & set(PARENTS))


def _rows(sheet: Sheet) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below the headings with their numbers as Excel counts; blank cells are left out."""
    lines = sheet.cells.iter_rows()
    heads = [leaf_name(text) if text else "" for text in next(lines, ())]
    for number, cells in enumerate(lines, 2):
        row: dict[str, str] = {}
        for head, cell in zip(heads, cells, strict=True):
            if head and cell is not None and head not in row:
                row[head] = cell
        if row:
            yield number, dict.fromkeys(filter(None, heads), "") | row


def _repeated(
    tables: Sequence[Sequence[tuple[int, Leaves]]], form: Form
) -> dict[tuple[str, str, str], list[Leaves]]:
    """Return the rows of repeats: (table's field, column of the parent, its value) → rows."""
    found: dict[tuple[str, str, str], list[Leaves]] = defaultdict(list)
    for rows in tables:
        heads = rows[0][1].keys()
        for field in form.fields:
            if field.type != "table" or not heads & {cell_name(field, column) for column in field.columns}:
                continue
            for _number, row in rows:
                parent = next((name for name in PARENTS if row.get(name)), "")
                if parent:
                    found[field.id, NAMED[parent], str(row[parent])].append(row)
    return found


def _of(row: Leaves, beside: Mapping[tuple[str, str, str], list[Leaves]]) -> dict[str, list[Leaves]]:
    return {
        field: rows for (field, column, value), rows in beside.items() if str(row.get(column) or "") == value
    }


def _archive(content: bytes, limits: Limits) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > limits.unpacked:
                raise _refused("too_large", _("压缩包里的文件太多或太大。"))
            if len(content) > limits.packed:
                raise _refused("too_large", _("文件过大。"))
            files = {one.filename: archive.read(one) for one in members}
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise _refused("bad_zip", _("压缩包已损坏或有密码。")) from error
    return [
        sheet
        for name, data in files.items()
        for sheet in open_workbook(
            name, data, Limits(len(data), limits.unpacked, limits.rows, limits.cells)
        ).sheets
    ]


def _refused(reason: str, detail: str, hint: str = "") -> SubmissionsError:
    return SubmissionsError(detail, hint=hint or _("请核对是否选错了文件或表，再上传。"), reason=reason)
