"""PDF from templates: Chinese in its own font, no empty boxes, a clear refusal without a font."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from greenward.core import fonts
from greenward.core.fonts import MISSING, NoFontError, font_files, has, shown
from greenward.core.pdf import PdfError, pdf

RARE = "\U00020bb7"
"""𠮷, which Noto Sans SC does not have."""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "note.typ"
    path.write_text('#let d = json(bytes(sys.inputs.data))\n#set text(font: "Noto Sans SC")\n#d.text')
    return path


def test_a_document_embeds_the_chinese_font(template: Path) -> None:
    made = pdf(template, {"text": "社区摸底档案"})
    assert made.startswith(b"%PDF-")
    assert b"NotoSansSC-Regular" in made


def test_the_same_data_takes_no_markup(template: Path) -> None:
    marked = pdf(template, {"text": '#panic("x") *好* $a$'})
    assert marked.startswith(b"%PDF-")
    assert b"NewCMMath" not in marked


def test_what_no_font_has_is_shown_as_a_mark_never_as_a_box() -> None:
    files = font_files()
    assert (has("社", files), has(RARE, files), has(MISSING, files)) == (True, False, True)
    assert shown(f"甲{RARE}\n乙", files) == f"甲{MISSING}\n乙"


def test_an_own_folder_of_fonts_comes_first(tmp_path: Path, settings: Any) -> None:
    original = font_files()[0]
    shutil.copy(original, tmp_path / "office.otf")
    settings.GREENWARD_FONTS = str(tmp_path)
    assert font_files()[0] == tmp_path / "office.otf"


def test_without_a_chinese_font_the_refusal_says_what_to_install(
    template: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "WHEEL", "no_such_package")
    settings.GREENWARD_FONTS = ""
    with pytest.raises(NoFontError) as refused:
        pdf(template, {"text": "好"})
    assert "pylopdf-fonts-zh-cn" in str(refused.value.hint)


def test_a_broken_template_is_told_with_its_trouble(tmp_path: Path) -> None:
    path = tmp_path / "broken.typ"
    path.write_text("#unknown-thing")
    with pytest.raises(PdfError) as refused:
        pdf(path, {})
    assert "unknown" in str(refused.value.data["trouble"])


def test_a_font_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.typ"
    path.write_text('#set text(font: "No Such Font")\n好')
    with pytest.raises(PdfError) as refused:
        pdf(path, {})
    assert "no such font" in str(refused.value.data["trouble"])


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "inner" / "curious.typ"
    path.parent.mkdir()
    (tmp_path / "secret.txt").write_text("geheim")
    path.write_text('#read("../secret.txt")')
    with pytest.raises(PdfError):
        pdf(path, {})
