"""Texts are collected without churn, and nothing without English passes."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = 'from django.utils.translation import gettext as _\n_("有 %(count)s 个社区。")\n'
TEMPLATE = """{% load i18n %}
<p>{% translate "下一步" %}</p>
  {% blocktranslate %}共 {{ total }} 个{% endblocktranslate %}
"""


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = tmp_path / "src" / "greenward" / "things"
    (made / "templates" / "things").mkdir(parents=True)
    (made / "__init__.py").write_text(CODE)
    (made / "templates" / "things" / "page.html").write_text(TEMPLATE)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "SOURCE", tmp_path / "src" / "greenward")
    return module


def catalogue(messages: ModuleType) -> Path:
    path: Path = messages.catalogue_path(messages.modules()[0])
    return path


def translate(messages: ModuleType, english: dict[str, str]) -> None:
    text = catalogue(messages).read_text()
    for chinese, words in english.items():
        assert f'msgid "{chinese}"\nmsgstr ""' in text
        text = text.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{words}"')
    catalogue(messages).write_text(text)


ENGLISH = {
    "有 %(count)s 个社区。": "%(count)s communities.",
    "下一步": "Next",
    "共 %(total)s 个": "%(total)s in all",
}


def test_texts_of_code_and_templates_are_collected_and_compiled(messages: ModuleType) -> None:
    messages.update()
    translate(messages, ENGLISH)
    messages.compile_all()
    assert catalogue(messages).with_suffix(".mo").stat().st_size > 0
    assert messages.check() == 0


def test_collecting_again_changes_nothing_and_keeps_translations(messages: ModuleType) -> None:
    messages.update()
    translate(messages, ENGLISH)
    before = catalogue(messages).read_text()
    source = messages.SOURCE / "things" / "__init__.py"
    source.write_text(f"\n\n\n{source.read_text()}")
    messages.update()
    assert catalogue(messages).read_text() == before


def test_text_without_english_is_told(messages: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    messages.update()
    assert messages.check() == 1
    assert "no English: 下一步" in capsys.readouterr().out


def test_text_that_nobody_uses_any_more_is_told(
    messages: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    messages.update()
    translate(messages, ENGLISH)
    (messages.SOURCE / "things" / "__init__.py").write_text("")
    messages.update()
    assert messages.check() == 1
    assert "no longer used, delete it: 有 %(count)s 个社区。" in capsys.readouterr().out


def test_placeholder_that_the_english_lost_is_told(
    messages: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    messages.update()
    translate(messages, ENGLISH | {"有 %(count)s 个社区。": "%(number)s communities."})
    assert messages.check() == 1
    assert "有 %(count)s 个社区。" in capsys.readouterr().out


def test_new_text_that_was_not_collected_is_told(
    messages: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    messages.update()
    translate(messages, ENGLISH)
    (messages.SOURCE / "things" / "queries.py").write_text('_("新的")\n')
    assert messages.check() == 1
    assert "not up to date; run: make messages" in capsys.readouterr().out


def test_one_text_said_in_two_ways_is_a_fault(messages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = messages.SOURCE / "first", messages.SOURCE / "second"
    monkeypatch.setattr(messages, "modules", lambda: [first, second])
    for module, english in ((first, "Yes"), (second, "yes")):
        path = messages.catalogue_path(module)
        path.parent.mkdir(parents=True)
        path.write_text(f'msgid ""\nmsgstr ""\n\nmsgid "是"\nmsgstr "{english}"\n')
    assert list(messages.disagreements()) == ["said differently: 是: first “Yes”, second “yes”"]
    messages.catalogue_path(second).write_text('msgid ""\nmsgstr ""\n\nmsgid "是"\nmsgstr "Yes"\n')
    assert list(messages.disagreements()) == []
