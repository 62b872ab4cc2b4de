"""What many items show: shares, matches and findings. A match or score is a lead, never a verdict."""

from __future__ import annotations

import msgspec

from dalil.schema.moments import Moment


class Share(msgspec.Struct, frozen=True):
    """One account sharing one object at one time; the row of every coordination trace."""

    object_id: str
    account_id: str
    content_id: str
    timestamp_share: int
    """Epoch seconds, UTC."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A stored item that resembles the query.

    `score` is in [0, 1], 1 the same; `distance` in the method's own unit (bits for PDQ).
    `decides` is True where the method's calibrated threshold allows "we hold this"; otherwise a
    person must look. `captured_at` is ours (strong), `claimed_at` the platform's (weaker).
    """

    observation_id: str
    media_sha256: str | None
    method: str
    score: float
    decides: bool
    captured_at: Moment
    claimed_at: Moment | None
    source: str
    distance: int | None = None
    variant: str = ""


class Method(msgspec.Struct, frozen=True):
    """How a finding was made: enough to repeat it."""

    name: str
    version: str
    parameters: dict[str, str | int | float | bool] = {}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A saved result: method, inputs by archive head, when, in which zone, and its rows by table."""

    finding_id: str
    kind: str
    method: Method
    as_of: Moment
    zone: str
    manifest_head: str
    summary: dict[str, str | int | float | bool | None] = {}
    caveats: tuple[str, ...] = ()


class TextGroup(msgspec.Struct, frozen=True):
    """Posts whose texts are the same but for editing; `key` is stable while the group only grows."""

    key: str
    observation_ids: tuple[str, ...]
    uids: tuple[str, ...]
    accounts: int
    first_at: Moment | None
    last_at: Moment | None
    sample: str


class MediaGroup(msgspec.Struct, frozen=True):
    """Media items that show the same picture."""

    key: str
    sha256s: tuple[str, ...]


class CoordinationEdge(msgspec.Struct, frozen=True, kw_only=True):
    """Two accounts that shared `objects` distinct objects within the window, a < b.

    `p_value` under the null model on account and object activity; `q_value` after
    Benjamini–Hochberg. `shares` counts pairs of shares, as CooRTweet's weight does.
    """

    account_a: str
    account_b: str
    objects: int
    shares: int
    mean_delay: float
    expected: float
    p_value: float
    q_value: float
    kept: bool


class Campaign(msgspec.Struct, frozen=True):
    """A community of kept edges, reported by the objects it pushes; accounts are counted."""

    key: str
    accounts: int
    private_accounts: int
    public_accounts: tuple[str, ...]
    objects: tuple[str, ...]
    edges: int
    expected_false_edges: float


class CoordinationResult(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run: its edges, campaigns, and how many edges chance alone would give."""

    trace: str
    mode: str
    window_seconds: int
    shares: int
    objects: int
    accounts: int
    edges: tuple[CoordinationEdge, ...]
    campaigns: tuple[Campaign, ...]
    expected_false_edges: float
    caveats: tuple[str, ...] = ()


class Interval(msgspec.Struct, frozen=True):
    """A 95 % interval; None where n is too small to give one."""

    low: float | None
    high: float | None


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """A share with all that must stand beside it; `value` None below n = 10."""

    numerator: int
    n: int
    value: float | None
    interval: Interval
    unknown: int = 0
    left_out: int = 0
    method: str = ""


class SurvivalPoint(msgspec.Struct, frozen=True):
    """Share still unanswered `hours` after t0, with its 95 % band."""

    hours: float
    share: float
    low: float
    high: float


class Survival(msgspec.Struct, frozen=True, kw_only=True):
    """A Kaplan–Meier curve; unanswered ones are right-censored; `median_hours` None if not reached
    or n < 10."""

    n: int
    events: int
    median_hours: float | None
    median: Interval
    curve: tuple[SurvivalPoint, ...]
    marks: tuple[SurvivalPoint, ...]
    """At 1, 6, 14, 24 and 48 h; empty below n = 10."""
    left_out: int = 0


class WeekResult(msgspec.Struct, frozen=True, kw_only=True):
    """The Monday page's figures for one ISO week in the workspace's zone."""

    week: str
    starts_at: Moment
    ends_at: Moment
    as_of: Moment
    zone: str
    panel_sources: int
    missing_sources: int
    claims: int
    crossed: int
    answered_or_decided: int
    m0: Rate
    m1: Rate
    m1_by_platform: dict[str, Rate]
    m1_by_maker: dict[str, Rate]
    m1_without_ours: Rate
    m3b: Survival
    m3: Survival
    m3_not_settled: int
    m3_crossed: int
    m3_split_hours: dict[str, float | None]
    """Medians t0→logged, logged→verdict, verdict→published among those that have both ends."""
    m11: Rate
    m11_by_week: dict[str, Rate]
    partial: bool
    caveats: tuple[str, ...] = ()
