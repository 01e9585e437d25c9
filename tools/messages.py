"""Collect user-visible texts into each module's English catalogue, and compile the catalogues.

Texts are Chinese in the code (`_("…")`, `{% translate "…" %}`); English stands in
`src/greenward/<module>/locale/en/LC_MESSAGES/django.po`.

    tools/messages.py             add new texts, keep translations, mark vanished texts as obsolete
    tools/messages.py --check     fail unless every text has its English and nothing is left over
    tools/messages.py --compile   write the .mo files that Django reads
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "greenward"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
DATES = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Generated-By",
    "Report-Msgid",
)


def catalogue_path(module: Path) -> Path:
    """Return where the module's English stands."""
    return module / "locale" / "en" / "LC_MESSAGES" / "django.po"


def modules() -> list[Path]:
    """Return the modules' folders."""
    return sorted(folder.parent for folder in SOURCE.glob("*/__init__.py"))


def as_python(template: str, name: str) -> str:
    """Return a template's texts as lines of Python calls."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - needs settings, made in main

    return "\n".join(line.strip() for line in templatize(template, origin=name).splitlines())


def found_texts(module: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Yield (file, text, context) for every text of the module's code and templates."""
    for path in sorted([*module.rglob("*.py"), *module.rglob("templates/**/*.*")]):
        if "migrations" in path.parts or not path.is_file():
            continue
        name = str(path.relative_to(ROOT))
        text = path.read_text() if path.suffix == ".py" else as_python(path.read_text(), name)
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            yield name, message, context


def collected(module: Path) -> Catalog:
    """Return the module's texts as a catalogue without translations."""
    catalogue = Catalog(locale="en", domain="django", project="Greenward", charset="utf-8")
    for name, message, context in found_texts(module):
        catalogue.add(message, locations=[(name, 1)], context=context)
    return catalogue


def stored(path: Path) -> Catalog:
    """Return the catalogue at ``path``, empty if there is none."""
    if not path.exists():
        return Catalog(locale="en", domain="django", project="Greenward", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en", domain="django", abort_invalid=True)


def updated(module: Path) -> Catalog:
    """Return the stored catalogue with the texts that the code has now."""
    catalogue = stored(catalogue_path(module))
    catalogue.fuzzy, catalogue.project = False, "Greenward"
    catalogue.header_comment = "# English texts of this module."
    catalogue.update(collected(module), no_fuzzy_matching=True)
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """Return the catalogue as a file without dates and line numbers, which would change for nothing."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_by_file=True, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines()
    return (
        "\n".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in DATES))) + "\n"
    )


def faults(module: Path) -> Iterator[str]:
    """Yield what is wrong with a module's catalogue, one line each."""
    path = catalogue_path(module)
    catalogue = updated(module)
    name = path.relative_to(ROOT)
    for message in catalogue:
        if message.id:
            yield from (f"{name}: {fault}: {message.id}" for fault in faults_of(message, catalogue))
    yield from (f"{name}: no longer used, delete it: {message.id}" for message in catalogue.obsolete.values())
    if len(catalogue) and (not path.exists() or path.read_text() != as_text(catalogue)):
        yield f"{name}: not up to date; run: make messages"


def faults_of(message: Message, catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with one entry."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(forms):
        yield "no English"
        return
    if message.fuzzy:
        yield "fuzzy"
    yield from (str(error) for error in message.check(catalogue))


def disagreements() -> Iterator[str]:
    """Yield the texts that modules say differently in English: Django would take one for all."""
    said: dict[tuple[object, str | None], dict[str, str]] = {}
    for module in modules():
        for message in stored(catalogue_path(module)):
            if message.id:
                said.setdefault((message.id, message.context), {})[module.name] = str(message.string)
    for (text, _context), english in said.items():
        if len(set(english.values())) > 1:
            yield f"said differently: {text}: " + ", ".join(f"{m} “{e}”" for m, e in english.items())


def update() -> int:
    """Write the catalogues that changed."""
    for module in modules():
        path, catalogue = catalogue_path(module), updated(module)
        if not len(catalogue) and not path.exists():
            continue
        text = as_text(catalogue)
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            print(f"{path.relative_to(ROOT)}: written")
    compile_all()
    return 0


def check() -> int:
    """Print every fault; 1 if there is one."""
    found = [fault for module in modules() for fault in faults(module)] + list(disagreements())
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def compile_all() -> int:
    """Compile every catalogue that is newer than its compiled form."""
    for path in SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        with path.open("rb") as source:
            catalogue = read_po(source, locale="en", domain="django", abort_invalid=True)
        with compiled.open("wb") as target:
            write_mo(target, catalogue)
    return 0


def main() -> int:
    """Do what the command line asks."""
    from django.conf import settings  # noqa: PLC0415 - the product's own settings are not needed here

    settings.configure()
    actions = {"": update, "--check": check, "--compile": compile_all}
    return actions[sys.argv[1] if sys.argv[1:] else ""]()


if __name__ == "__main__":
    sys.exit(main())
