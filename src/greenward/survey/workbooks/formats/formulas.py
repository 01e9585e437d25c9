"""Which formulas reach out of the workbook: other files, programs, the network."""

import re

OUTSIDE = re.compile(
    r"""
    \[\s*[1-9]\d*\s*\][^,;()\[\]]{0,200}!          # [1]Sheet1!A1: another workbook, by its number
    | \[[^\[\]]{1,200}\.(?:xls\w?|ods|csv|et)\]    # '[报表.xlsx]Sheet1'!A1: by its name
    | '[^']{0,200}\[[^\]]{1,200}\][^']{0,200}'\s*!
    | '(?:file|https?|ftp)://[^']{0,500}'          # as LibreOffice writes it
    | \w+\s*\|\s*'?[^'!|]{0,500}'?\s*!             # cmd|'/C calc'!A0: dynamic data exchange
    | \b(?:webservice|filterxml|rtd|dde|call|register(?:\.id)?|exec|image|stockhistory|cube\w+
        |importdata|importxml|importhtml|importfeed|importrange|sql\.request)\s*\(
    | \bhyperlink\s*\(\s*(?!["“]\#)                # only places within the workbook are harmless
    """,
    re.IGNORECASE | re.VERBOSE,
)
HINT = re.compile(
    rb"[\[|]|hyperlink|webservice|filterxml|rtd|dde|call|register|exec|image|stock|cube|import|sql\.|://",
    re.IGNORECASE,
)
"""What every formula that reaches out contains, in bytes: most have none of it."""


def reaches_out(formula: str) -> bool:
    """Tell whether a formula (without entities, with or without =) takes anything from outside."""
    return OUTSIDE.search(formula) is not None


def looks_like_formula(text: str) -> bool:
    """Tell whether a plain text would be a formula that reaches out if Excel opened it."""
    return text[:1] in {"=", "+", "-", "@"} and reaches_out(text)
