"""ClaimReview of one settled answer (schema.org), as fact-check importers read it.

Check reads `claimReviewed`, `headline`, `text`, `reviewRating`, `image`, `keywords`, `url` and
`datePublished`; all are given. There is no `appearance`: a claim never links to where it is live.
"""

from __future__ import annotations

import json
from typing import Final

from dalil.desk.rows import SettledAnswer
from dalil.publish.words import words
from dalil.schema.words import ClaimVerdict, MediaFindingKind

RATINGS: Final[dict[ClaimVerdict, int]] = {ClaimVerdict.FALSE: 1, ClaimVerdict.UNPROVEN: 3, ClaimVerdict.TRUE: 5}
BEST: Final = 5
WORST: Final = 1
HEADLINE_CHARACTERS: Final = 140
_MEDIA: Final[dict[MediaFindingKind, str]] = {
    MediaFindingKind.RECYCLED: "https://schema.org/DecontextualizedContent",
    MediaFindingKind.ALTERED: "https://schema.org/EditedOrCroppedContent",
    MediaFindingKind.UNCHANGED: "https://schema.org/OriginalMediaContent",
}


def headline(text: str) -> str:
    """The first line of an answer, which states the fact, cut at a word."""
    first = text.strip().splitlines()[0].strip()
    if len(first) <= HEADLINE_CHARACTERS:
        return first
    return first[: HEADLINE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


def claim_review(answer: SettledAnswer, *, page: str, image: str, organisation: str, address: str) -> dict[str, object]:
    """The structure, ready for JSON.

    Args:
        page, image: absolute addresses of our page and of our own verdict mark.
        organisation: the publishing organisation's public name; `address` its site.
    """
    claim: dict[str, object] = {"@type": "Claim"}
    if answer.first_seen_on is not None:
        claim["datePublished"] = answer.first_seen_on.isoformat()
    review: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": page,
        "url": page,
        "datePublished": answer.published_on.isoformat(),
        "inLanguage": answer.language,
        "author": {"@type": "Organization", "name": organisation, "url": address},
        "headline": headline(answer.text),
        "text": answer.text,
        "image": image,
        "keywords": f"{answer.claim_type.value}, {answer.verdict.value}",
        "claimReviewed": answer.sentence,
        "itemReviewed": claim,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATINGS[answer.verdict],
            "bestRating": BEST,
            "worstRating": WORST,
            "alternateName": words(answer.language).verdicts[answer.verdict],
        },
    }
    media = [_MEDIA[finding] for finding in answer.media if finding in _MEDIA]
    if media:
        review["associatedMediaReview"] = [
            {"@type": "MediaReview", "mediaAuthenticityCategory": category} for category in media
        ]
    return review


def as_script(review: dict[str, object]) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element or open a comment."""
    text = json.dumps(review, ensure_ascii=False, indent=1)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
