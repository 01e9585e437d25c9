"""The house rules that a machine can check: rooms, sizes, names, what a room may do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "greenward"

CROWDED = 5
"""The most tags on a long line of a template."""

ROOMS = {
    "__init__", "access", "actions", "api", "apps", "cli", "events", "locale", "migrations", "models",
    "queries", "receivers", "states", "tasks", "templates", "templatetags", "todos", "web",
}  # fmt: skip
OWN_ROOMS = {
    "accounts": set(),
    "assessment": {"engine", "facts", "reader", "reading", "rules", "trial"},
    "certification": {"documents", "records"},
    "config": {
        "api",
        "cli",
        "database",
        "demonstration",
        "embedded",
        "serve",
        "simulation",
        "settings",
        "urls",
        "wsgi",
    },
    "core": {
        "audit",
        "bulk",
        "canonical",
        "clock",
        "console",
        "errors",
        "fonts",
        "history",
        "mail",
        "months",
        "pdf",
        "rows",
        "sealing",
        "sharing",
        "signing",
        "workdays",
    },
    "duties": set(),
    "evidence": {"kinds", "likeness", "pictures", "records", "scanning"},
    "packs": {"diff", "drafting", "loader", "rules", "schema", "workbook"},
    "pilots": set(),
    "plans": {"documents"},
    "portal": set(),
    "programmes": {"calendar"},
    "survey": {
        "answers",
        "exports",
        "feeds",
        "planning",
        "quality",
        "sensitivity",
        "submissions",
        "workbooks",
        "xlsform",
    },
    "territories": {"data", "outlines", "roles"},
    "workspace": set(),
}
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|base|managers?|handlers?)(_|$)")
WRITES = re.compile(r"\.(save|create|bulk_create|get_or_create|update_or_create|bulk_update|delete)\(")
PROMISES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|coming soon|敬请期待")

MODULES = sorted(p.name for p in SOURCE.iterdir() if (p / "__init__.py").exists())


def source_files() -> list[Path]:
    return [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_module_is_known() -> None:
    assert set(MODULES) == set(OWN_ROOMS)


@pytest.mark.parametrize("module", MODULES)
def test_every_file_has_a_room(module: str) -> None:
    found = {
        p.stem if p.is_file() else p.name
        for p in (SOURCE / module).iterdir()
        if p.name != "__pycache__" and not p.name.startswith(".")
    }
    assert found - ROOMS - OWN_ROOMS[module] == set()


def test_no_file_is_named_for_nothing() -> None:
    named = [relative(p) for p in source_files() if FORBIDDEN_NAMES.search(p.stem)]
    assert named == []


def test_files_stay_small() -> None:
    large = {relative(p): n for p in source_files() if (n := len(p.read_text().splitlines())) > 400}
    assert large == {}


def test_functions_stay_small() -> None:
    large = {
        f"{relative(path)}:{node.name}": length
        for path in source_files()
        for node in functions(path)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > 50
    }
    assert large == {}


def test_templates_stay_small() -> None:
    large = {relative(p): n for p in SOURCE.rglob("*.html") if (n := len(p.read_text().splitlines())) > 150}
    assert large == {}


def test_templates_have_a_line_for_each_element() -> None:
    crowded = [
        f"{relative(path)}:{number}"
        for path in SOURCE.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120 and len(re.findall(r"</?[a-z]", line)) > CROWDED
    ]
    assert crowded == []


def test_translated_texts_in_templates_stand_on_one_line() -> None:
    """The loader joins lines (core/web/loading.py); a text that is looked up must be the one collected."""
    texts = re.compile(r"{% blocktranslate.*?endblocktranslate %}", re.DOTALL)
    broken = [
        (relative(path), text[:60])
        for path in SOURCE.rglob("*.html")
        for text in texts.findall(path.read_text())
        if "\n" in text
    ]
    assert broken == []


def test_test_files_stay_small() -> None:
    large = {
        relative(p): n for p in (ROOT / "tests").rglob("*.py") if (n := len(p.read_text().splitlines())) > 600
    }
    assert large == {}


def rooms(name: str) -> list[Path]:
    return [
        p
        for module in MODULES
        for p in [SOURCE / module / f"{name}.py", *(SOURCE / module / name).rglob("*.py")]
        if p.exists()
    ]


@pytest.mark.parametrize("room", ["queries", "access", "web", "api"])
def test_only_actions_write(room: str) -> None:
    """Reading rooms and entrances leave writing to verbs; forms' ``save`` belongs to accounts alone."""
    found = [
        f"{relative(path)}:{number}"
        for path in rooms(room)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if WRITES.search(line) and ("objects" in line or ".save(" in line)
    ]
    assert found == []


def test_actions_name_who_and_when() -> None:
    """A public verb takes ``by`` and ``at`` by keyword, so that no write is anonymous."""
    missing = [
        f"{relative(path)}:{node.name}"
        for path in rooms("actions")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not {"by", "at"} <= {a.arg for a in node.args.kwonlyargs}
    ]
    assert missing == []


def test_no_promises() -> None:
    files = [*source_files(), *SOURCE.rglob("*.html"), *(ROOT / "frontend").rglob("*.js")]
    assert [relative(p) for p in files if PROMISES.search(p.read_text())] == []


def test_templates_hold_no_inline_script_or_style() -> None:
    """The Content-Security-Policy forbids them; json_script's data blocks are no scripts."""
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE
    )
    files = [p for p in SOURCE.rglob("*.html") if inline.search(p.read_text())]
    assert [relative(p) for p in files] == []
