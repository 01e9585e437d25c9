"""pack.yaml: which programme this is, which edition, and the documents it rests on."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from greenward.packs.schema.shape import Bilingual, Defines, Shape, Slug, Text


class Document(Shape):
    """A published document that the pack carries out."""

    id: Annotated[Slug, Defines("document")]
    """Short name that clauses cite."""
    number: Text
    """Document number as printed, such as 京建发〔2021〕315号."""
    title: Text
    """Title as printed."""
    date: dt.date | None = None
    """Day of signature; left out while nobody has seen it on the document."""
    issuer: Text
    """Who issued it."""
    signers: Annotated[int, Field(ge=1)] | None = None
    """How many departments signed; compared with the signers in departments.yaml."""


class Manifest(Shape):
    """The pack's own card."""

    id: Slug
    """Name of the programme's pack; by habit also the name of its folder."""
    edition: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]+$")]
    """Year and running number, such as `2021.1`, in quotes; a changed pack needs a new one."""
    title: Bilingual
    territory: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
    """Twelve-digit statistical code of the territory, in quotes."""
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    languages: Annotated[tuple[Literal["zh", "en"], ...], Field(min_length=1)]
    """Languages that the pack's texts have."""
    holds: Literal["programme", "standard"] = "programme"
    """`standard`: a standard alone, to be checked and compared; it cannot be put in force."""
    example: bool = False
    """True for a pack of our own invention: nobody's policy, and said so wherever it is shown."""
    fields_from: tuple[Slug, ...] = ()
    """Names of neighbouring packs' folders whose dictionaries this pack takes into itself."""
