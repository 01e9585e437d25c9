"""Refusing a file."""

from greenward.core.errors import InvalidInputError


class UnfitFileError(InvalidInputError):
    """The file is not kept; ``data["reason"]``: empty, too_large, unknown_kind, other_ending or damaged."""

    code = "unfit_file"
