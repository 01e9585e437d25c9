"""What the API says of evidence."""

from datetime import date, datetime

from ninja import Schema

from greenward.evidence.models import Use
from greenward.evidence.queries.questions import Placed, Question


class PictureOut(Schema):
    """What a picture says of itself: sides in pixels, time, position (degrees, WGS 84); it proves nothing."""

    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None


class UseOut(Schema):
    """A file filed under a community. ``source``: the kind of daily work, empty where it was handed in."""

    number: int
    place: str
    digest: str
    name: str
    media_type: str
    size: int
    item: str
    year: int
    observed_on: date | None
    note: str
    source: str
    filed_at: datetime
    received_at: datetime
    is_scanned: bool
    picture: PictureOut | None

    @classmethod
    def of(cls, use: Use) -> "UseOut":
        """Describe a use."""
        file = use.file
        return cls(
            number=use.pk,
            place=use.place.code,
            digest=file.digest,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            item=use.item,
            year=use.year,
            observed_on=use.observed_on,
            note=use.note,
            source=use.source,
            filed_at=use.at,
            received_at=file.at,
            is_scanned=bool(file.scanner),
            picture=PictureOut.from_orm(file.picture) if hasattr(file, "picture") else None,
        )


class EvidenceOut(Schema):
    """A community's evidence, and the records of daily work that are offered for its items."""

    evidence: list[UseOut]
    offers: list[UseOut]


class ReviewerAnswerOut(Schema):
    """What a reviewer said."""

    text: str
    at: datetime


class QuestionOut(Schema):
    """A question about a use: where the same stands too (place, year, item); ``other`` None beyond reach."""

    use: UseOut
    other_number: int
    other: UseOut | None
    elsewhere: str
    is_same_file: bool
    share_percent: int
    mirrored: bool
    answer: ReviewerAnswerOut | None

    @classmethod
    def of(cls, asked: Question) -> "QuestionOut":
        """Describe a question."""
        said = asked.answer
        return cls(
            use=UseOut.of(asked.here.use),
            other_number=asked.pair.other,
            other=_shown(asked.other),
            elsewhere=asked.pair.kind,
            is_same_file=asked.pair.same,
            share_percent=asked.pair.share,
            mirrored=asked.pair.mirrored,
            answer=ReviewerAnswerOut(text=said.text, at=said.at) if said is not None else None,
        )


class AnswerIn(Schema):
    """An answer, 1 to 500 characters."""

    text: str


def _shown(other: Placed | None) -> UseOut | None:
    return UseOut.of(other.use) if other is not None else None
