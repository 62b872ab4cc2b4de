"""The closed vocabularies of the word list; one spelling per thing, the same in code, files and pages."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What one observation records."""

    POST = "post"
    REPOST = "repost"
    ACCOUNT = "account"


class IdQuality(StrEnum):
    """How far a native id can be trusted (law 1)."""

    EXACT = "exact"
    DERIVED = "derived"
    ROUNDED = "rounded"
    HASHED = "hashed"


class Precision(StrEnum):
    """Precision of a time."""

    SECOND = "s"
    MINUTE = "min"
    DAY = "day"


class ZoneBasis(StrEnum):
    """Where a time's zone comes from (law 2)."""

    EPOCH = "epoch"
    EXPLICIT = "explicit"
    ABBREVIATION = "abbreviation"
    UNKNOWN = "unknown"


class TimeBasis(StrEnum):
    """Who says when something was collected."""

    FILE = "file"
    SERVER = "server"
    OPERATOR = "operator"


class State(StrEnum):
    """State of a post as of one observation; a deletion is a state, not a removal (law 7)."""

    LIVE = "live"
    EDITED = "edited"
    DELETED = "deleted"
    WITHHELD = "withheld"
    PRIVATE = "private"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


class Visibility(StrEnum):
    """Only public and unknown are stored; the others are counted at the door (law 5)."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"
    UNKNOWN = "unknown"


class TextFormat(StrEnum):
    """How the platform gave the text."""

    PLAIN = "plain"
    HTML = "html"
    MARKDOWN = "md"
    FACETS = "facets"


class Completeness(StrEnum):
    """Whether the text is all there."""

    YES = "yes"
    TRUNCATED = "truncated"
    UNKNOWN = "unknown"


class EdgeType(StrEnum):
    """How one post or account points at another; `alias` from a public post to its own keyed hash."""

    REPLY = "reply"
    QUOTE = "quote"
    REPOST = "repost"
    FORWARD = "forward"
    MENTION = "mention"
    LINK = "link"
    SAME_MEDIA = "same_media"
    SAME_TEXT = "same_text"
    ALIAS = "alias"


class SearchKind(StrEnum):
    """What kind of post a search can be narrowed to; one post may be of several."""

    POST = "post"
    REPLY = "reply"
    QUOTE = "quote"
    FORWARD = "forward"
    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    FILE = "file"
    LINK = "link"
    GONE = "gone"


class AccountType(StrEnum):
    """What kind of account a platform says it is."""

    PERSON = "person"
    PAGE = "page"
    GROUP = "group"
    CHANNEL = "channel"
    BOT = "bot"
    UNKNOWN = "unknown"


class AccountKind(StrEnum):
    """What the person who captured a post says that its account is."""

    PAGE = "page"
    GROUP = "group"
    CHANNEL = "channel"
    OUTLET = "outlet"
    PERSON = "person"

    @property
    def account_type(self) -> AccountType:
        """The same in the words of the canonical record."""
        return AccountType.PAGE if self is AccountKind.OUTLET else AccountType(self.value)


class PublicRole(StrEnum):
    """Drives pseudonymisation: private_person and unknown are stored as keyed hashes only."""

    PUBLIC_ACTOR = "public_actor"
    ORGANISATION = "organisation"
    PRIVATE_PERSON = "private_person"
    UNKNOWN = "unknown"

    @property
    def is_public(self) -> bool:
        """Whether the account may be stored and shown under its own name."""
        return self in (PublicRole.PUBLIC_ACTOR, PublicRole.ORGANISATION)


class MayShare(StrEnum):
    """Terms of the source: what may leave the workspace."""

    NONE = "none"
    IDS = "ids"
    FULL = "full"


class MetricBasis(StrEnum):
    """How a number was read (law 3)."""

    EXACT = "exact"
    ROUNDED = "rounded"
    LOCALE_GUESS = "locale_guess"


class ClaimType(StrEnum):
    """What a claim asserts."""

    VICTORY = "victory"
    WITHDRAWAL = "withdrawal"
    CAPTURE = "capture"
    CASUALTY = "casualty"
    ATROCITY = "atrocity"
    THREAT = "threat"
    IMPERSONATION = "impersonation"
    OTHER = "other"


class MakerClass(StrEnum):
    """Who makes it: of channels and outlets only, never of persons."""

    GROUP = "group"
    SUPPORTER = "supporter"
    STATE = "state"
    ALLY = "ally"
    INDEPENDENT = "independent"
    UNKNOWN = "unknown"

    @property
    def bloc(self) -> str | None:
        """Group with supporter, state with ally; None for unknown makers, who prove no independence."""
        match self:
            case MakerClass.GROUP | MakerClass.SUPPORTER:
                return "group"
            case MakerClass.STATE | MakerClass.ALLY:
                return "state"
            case MakerClass.INDEPENDENT:
                return "independent"
            case MakerClass.UNKNOWN:
                return None


class ClaimVerdict(StrEnum):
    """What two circles found about a claim."""

    FALSE = "false"
    UNPROVEN = "unproven"
    TRUE = "true"


class MediaFindingKind(StrEnum):
    """What was found about a media item; it refutes the item, not the claim."""

    RECYCLED = "recycled"
    ALTERED = "altered"
    IMPERSONATED = "impersonated"
    UNCHANGED = "unchanged"


class ReportCode(StrEnum):
    """What a post about a claim does with it."""

    CARRIES = "carries"
    CONFIRMS = "confirms"
    CONTESTS = "contests"
    CORRECTS = "corrects"


class CaptureState(StrEnum):
    """Whether one panel source was captured on one day."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


class Confidence(StrEnum):
    """How sure a check's finding is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    OPEN = "open"
