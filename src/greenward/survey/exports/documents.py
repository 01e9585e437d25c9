"""The survey's printed documents: a community's own file, the certificate of completeness."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from greenward.core.pdf import pdf
from greenward.survey.exports.own_file import OwnFile

FOLDER = Path(__file__).parent


def own_file_pdf(own: OwnFile) -> bytes:
    """Return a community's own file on A4."""
    return pdf(FOLDER / "own_file.typ", own.as_data())


def certificate_pdf(
    *,
    title: str,
    number: str,
    statement: str,
    figures: Sequence[tuple[str, str, str]],
    notes: Sequence[str],
    signed: Mapping[str, str],
) -> bytes:
    """Return a certificate of completeness on A4.

    ``figures``: name, figure, definition. ``signed``: what stands beside the signatures, by name. ``number``
    is what it is checked by.
    """
    data = {
        "title": title,
        "number": number,
        "statement": statement,
        "figures": [list(row) for row in figures],
        "notes": list(notes),
        "signed": [list(pair) for pair in signed.items()],
    }
    return pdf(FOLDER / "certificate.typ", data)
