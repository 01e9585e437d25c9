"""The HTML of one question's control, by the type of its field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _

from greenward.survey.web.forms import Cell, Question

MODES = {"number": ' inputmode="decimal"', "count": ' inputmode="numeric"', "year": ' inputmode="numeric"'}
FIGURES = {"count", "number"}


def esc(value: object) -> str:
    """Return a text as HTML shows it; Django's own does the same in five times the time."""
    return escape(str(value))


def _words() -> dict[str, str]:
    return {
        "yes": _("是"),
        "no": _("否"),
        "unknown": _("未知"),
        "attached": _("已附文件"),
        "detach": _("去掉"),
        "locate": _("使用当前位置"),
        "acts": _("操作"),
        "add-row": _("添加一行"),
        "remove-row": _("删除"),
    }


@dataclass(frozen=True)
class Controls:
    """Writes controls; ``key`` is the field that tells units apart, ``files`` where a place's files are read.

    A control keeps its answer in the element marked ``data-value``; a table in one a cell.
    """

    key: str
    files: str
    words: dict[str, str] = field(default_factory=_words)

    def of(self, one: Question) -> str:
        """Return the control of a question, with what it holds."""
        kinds: dict[str, Callable[[Question], str]] = {
            "bool": self._bool,
            "choice": self._choice,
            "table": self._table,
            "file": self._file,
            "position": self._position,
            "text": self._line if one.field.id == self.key else self._text,
        }
        return kinds.get(one.field.type, self._line)(one)

    def _text(self, one: Question) -> str:
        return (
            f'<textarea class="form-control"{_named(one)} rows="1" maxlength="2000">'
            f"{esc(one.control)}</textarea>"
        )

    def _bool(self, one: Question) -> str:
        said = {"true": self.words["yes"], "false": self.words["no"], "": self.words["unknown"]}
        choices = "".join(
            f'<label class="form-check form-check-inline"><input class="form-check-input" type="radio" '
            f'name="{one.field.id}" value="{value}"{" checked" if one.control == value else ""}> '
            f"{label}</label>"
            for value, label in said.items()
        )
        return f'<div class="choices">{choices}</div>'

    def _choice(self, one: Question) -> str:
        choices = [(choice.value, str(choice.label)) for choice in one.field.choices]
        return f'<select class="form-select"{_named(one)}>{self._options(choices, one.control)}</select>'

    def _options(self, choices: Sequence[tuple[str, str]], chosen: object) -> str:
        listed = "".join(
            f'<option value="{esc(value)}"{" selected" if value == chosen else ""}>{esc(label)}</option>'
            for value, label in choices
        )
        return f'<option value="">{self.words["unknown"]}</option>{listed}'

    def _line(self, one: Question) -> str:
        kind = one.field.type
        style = "form-control figure" if kind in FIGURES else "form-control"
        mode = ' type="date"' if kind == "date" else MODES.get(kind, "")
        unit = f'<span class="unit">{esc(one.field.unit)}</span>' if one.field.unit else ""
        return (
            f'<div class="with-unit"><input class="{style}"{_named(one)} value="{esc(one.control)}" '
            f'autocomplete="off"{mode}>{unit}</div>'
        )

    def _position(self, one: Question) -> str:
        return (
            f'<div class="with-unit"><input class="form-control"{_named(one)} value="{esc(one.control)}" '
            f'autocomplete="off" placeholder="116.39700,39.90800"><button class="btn" type="button" '
            f'data-act="locate">{self.words["locate"]}</button></div>'
            '<p class="hint" data-located role="status"></p>'
        )

    def _file(self, one: Question) -> str:
        name, digest = one.field.id, str(one.control)
        link = f' href="{esc(self.files.replace("0" * 64, digest))}"' if digest else ""
        return (
            f'<input type="hidden" name="{name}" value="{esc(digest)}" data-value>'
            f'<input class="form-control" id="f-{name}" type="file" name="{name}.file" '
            f'aria-describedby="n-{name}">'
            f'<p class="attached" data-attached{"" if digest else " hidden"}>'
            f"<a{link}>{self.words['attached']}</a> {self._act('detach')}</p>"
        )

    def _table(self, one: Question) -> str:
        heads = "".join(
            f'<th scope="col">{esc(column.label)}{f"（{esc(column.unit)}）" if column.unit else ""}</th>'
            for column in one.field.columns
        )
        heads += f'<th scope="col"><span class="visually-hidden">{self.words["acts"]}</span></th>'
        rows = "".join(self._row(row) for row in one.rows)
        return (
            f'<div class="rows" role="group" aria-labelledby="l-{one.field.id}">'
            '<table class="table cards">'
            f"<thead><tr>{heads}</tr></thead><tbody data-rows>{rows}</tbody></table>"
            f"<p>{self._act('add-row')}</p><template>{self._row(one.blank_row)}</template></div>"
        )

    def _row(self, cells: Sequence[Cell]) -> str:
        act = self._act("remove-row")
        return f"<tr data-row>{''.join(self._cell(cell) for cell in cells)}<td>{act}</td></tr>"

    def _act(self, name: str) -> str:
        return f'<button class="btn btn-sm" type="button" data-act="{name}">{self.words[name]}</button>'

    def _cell(self, cell: Cell) -> str:
        column, label = cell.column, esc(cell.column.label)
        named = f' name="{esc(cell.name)}" data-value="{column.id}" aria-label="{label}"'
        if column.type in {"bool", "choice"}:
            control = f'<select class="form-select"{named}>{self._options(cell.choices, cell.value)}</select>'
        else:
            mode = ' type="date"' if column.type == "date" else MODES.get(column.type, "")
            control = (
                f'<input class="form-control"{named} value="{esc(cell.value)}" autocomplete="off"{mode}>'
            )
        return f'<td data-label="{label}">{control}</td>'


def _named(one: Question) -> str:
    name = one.field.id
    wrong = ' aria-invalid="true"' if one.problem else ""
    return f' id="f-{name}" name="{name}" data-value aria-describedby="n-{name}"{wrong}'
