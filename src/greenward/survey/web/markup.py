"""The HTML of the form's questions, written in one pass.

Five hundred questions by templates take half a second of a processor; by plain text, a twentieth of it.
Whatever comes from people or packs goes through :func:`esc`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from greenward.packs.schema.standard import Item
from greenward.survey.states import AskState
from greenward.survey.web.controls import Controls, esc
from greenward.survey.web.forms import Part, Question
from greenward.survey.web.written import marked

FIELD = "field_in_question"


def _words() -> dict[str, str]:
    return {
        "required": _("必填"),
        "returned": _("退回补正"),
        "change": _("改"),
        "before": _("原来"),
        "unknown": _("未知"),
        "download": _("下载附件"),
        "expired": _("有效期已过"),
        "until": _("有效至"),
        "last_round": _("上一轮"),
        "why": _("为什么问这个"),
        "clause": _("条款"),
        "unverified": _("文本待核"),
        "remark": _("留言"),
        "withheld": marked(),
    }


@dataclass(frozen=True)
class Writer:
    """Writes the questions of one place's form; texts and addresses are looked up once."""

    code: str
    round: str
    key: str
    may_remark: bool
    words: dict[str, str] = field(default_factory=_words)
    items: dict[tuple[str, ...], str] = field(default_factory=dict)

    @cached_property
    def files(self) -> str:
        """Where the place's files are read, with zeros for the digest."""
        return reverse("survey:file", args=[self.code, "0" * 64])

    @cached_property
    def values(self) -> str:
        """Where a field's value is told with its history, with a word in the field's place."""
        return reverse("survey:value", args=[self.code, FIELD])

    @cached_property
    def remarks(self) -> str:
        """Where people speak about the place's fields."""
        return reverse("survey:remarks", args=[self.round, self.code])

    @cached_property
    def controls(self) -> Controls:
        """What writes the controls."""
        return Controls(self.key, self.files)

    def asked(self, part: Part) -> SafeString:
        """Return the questions of a section that wait, and those answered in this round."""
        return self._all(part.asked)

    def known(self, part: Part) -> SafeString:
        """Return the questions of a section whose answers are known and valid."""
        return self._all(part.known)

    def _all(self, questions: Iterable[Question]) -> SafeString:
        return mark_safe("\n".join(self.question(one) for one in questions))

    def question(self, one: Question) -> str:
        """Return one question with its control and all that stands beside it."""
        name, kind = one.field.id, one.field.type
        wide = " question-wide" if kind == "table" else ""
        inside = f"{self._returned(one)}{self._body(one)}"
        label = self._label(one)
        if kind == "bool":
            legend = f'<legend class="form-label" id="l-{name}">{label}</legend>'
            inside = f"<fieldset>{legend}{inside}</fieldset>"
        else:
            aim = f' for="f-{name}"' if kind != "table" and one.is_open else ""
            inside = f'<label class="form-label" id="l-{name}"{aim}>{label}</label>{inside}'
        return (
            f'<div class="question{wide}" id="q-{name}"{self._data(one)}>{inside}'
            f"{self._notes(one)}{self._beside(one)}</div>"
        )

    def _data(self, one: Question) -> str:
        asked = one.field
        given = {
            "field": asked.id,
            "type": asked.type,
            "state": one.asked.state.value,
            "unit": asked.unit,
            "min": asked.min,
            "max": asked.max,
            "known": one.known_text if one.known and not one.withheld else None,
            "written": one.known_written if one.known and not one.withheld else None,
            "when": one.when or None,
            "files": self.files if asked.type == "file" else None,
        }
        said = "".join(f' data-{name}="{esc(value)}"' for name, value in given.items() if value is not None)
        conditional = " data-conditional" if asked.when else ""
        return f"{said}{conditional}{' hidden' if one.is_hidden else ''}"

    def _label(self, one: Question) -> str:
        mark = f' <span class="required">{self.words["required"]}</span>' if one.field.required else ""
        return f"{esc(one.field.label)}{mark}"

    def _returned(self, one: Question) -> str:
        back = one.asked.returned
        if back is None:
            return ""
        day = timezone.localtime(back.at).strftime("%Y-%m-%d")
        reason = self.words["withheld"] if one.withheld else esc(back.reason)
        return (
            f'<p class="returned"><strong>{self.words["returned"]}</strong>：{reason} '
            f'<span class="hint">{esc(back.by or "")} {day}</span></p>'
        )

    def _body(self, one: Question) -> str:
        """Return the control; where the answer stands already, what it is and how to confirm it."""
        if not one.is_open:
            return self._standing(one)
        control = self.controls.of(one)
        if one.is_known:
            change = f'<details class="change"><summary>{self.words["change"]}</summary>{control}</details>'
            return f'<p class="known-line"><strong>{esc(one.shown)}</strong> {self._confirm(one)}</p>{change}'
        if one.known is not None and one.asked.state == AskState.EXPIRED:
            before = f'<span class="hint">{self.words["before"]}</span> <strong>{esc(one.shown)}</strong>'
            return f'{control}<p class="known-line">{before} {self._confirm(one)}</p>'
        return control

    def _confirm(self, one: Question) -> str:
        return (
            f'<button class="btn btn-sm" name="confirm" value="{one.field.id}">{esc(one.confirm)}'
            f'<span class="visually-hidden">：{esc(one.field.label)}</span></button>'
        )

    def _standing(self, one: Question) -> str:
        if one.known is not None and one.withheld:
            return f'<p class="known-line">{self.words["withheld"]}</p>'
        shown = esc(one.shown) if one.known is not None else self.words["unknown"]
        link = ""
        if one.field.type == "file" and one.known is not None:
            address = self.files.replace("0" * 64, one.known_text)
            link = f' <a href="{esc(address)}">{self.words["download"]}</a>'
        return f'<p class="known-line"><strong>{shown}</strong>{link}</p>'

    def _notes(self, one: Question) -> str:
        said = [
            f'<p class="error">{esc(one.problem)}</p>' if one.problem else "",
            f'<p class="hint">{esc(one.field.help)}</p>' if one.field.help else "",
            self._source(one),
        ]
        if one.last_round:
            said.append(f'<p class="source">{self.words["last_round"]} {esc(one.last_round)}</p>')
        return f'<div class="notes" id="n-{one.field.id}">{"".join(said)}</div>'

    def _source(self, one: Question) -> str:
        if one.known is None:
            return ""
        address = self.values.replace(FIELD, one.field.id)
        told = f"{esc(one.known.source)} · {one.known.true_on.isoformat()}"
        parts = [f'<a href="{address}">{told}</a>']
        if one.asked.valid_until is not None:
            word = self.words["expired" if one.asked.state == AskState.EXPIRED else "until"]
            parts.append(f"{word} {one.asked.valid_until.isoformat()}")
        return f'<p class="source">{" · ".join(parts)}</p>'

    def _beside(self, one: Question) -> str:
        link = ""
        if self.may_remark or one.remarks:
            name, number = one.field.id, f"（{one.remarks}）" if one.remarks else ""
            link = (
                f'<a class="hint" href="{self.remarks}?field={name}" data-remarks aria-expanded="false" '
                f'aria-controls="r-{name}">{self.words["remark"]}{number}'
                f'<span class="visually-hidden">：{esc(one.field.label)}</span></a>'
            )
        why = self._why(one.items)
        return f'<div class="beside" data-remarks-at>{why}{link}</div>' if why or link else ""

    def _why(self, items: Sequence[Item]) -> str:
        """Return which items of the standard use the answer; the same list is written once."""
        if not items:
            return ""
        key = tuple(item.id for item in items)
        if key not in self.items:
            listed = "".join(f"<li>{self._item(item)}</li>" for item in items)
            summary = f"<summary>{self.words['why']}</summary>"
            self.items[key] = f'<details class="hint">{summary}<ul>{listed}</ul></details>'
        return self.items[key]

    def _item(self, item: Item) -> str:
        named = _("第 %(number)s 项：%(title)s") % {"number": esc(item.id), "title": esc(item.short)}
        unverified = "" if item.verified else f"，{self.words['unverified']}"
        return f"{named}（{self.words['clause']} {esc(item.clause)}{unverified}）"
