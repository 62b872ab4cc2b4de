"""Holds what was recognised in the sample against its truth: precision and recall of pictures, texts and coordination."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import msgspec

from dalil.actions import indexes
from dalil.actions.coordinating import Plan, run_trace
from dalil.actions.demo.resolving import Found
from dalil.actions.house import House
from dalil.desk import queries
from dalil.findings.seen import look_for_picture
from dalil.findings.traces import Trace
from dalil.people.actor import LOCAL
from dalil.sample.truthfile import PushTruth, Truth, read_truth
from dalil.signals.pictures import picture_signal


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes of what was read, and precision and recall by kind: `pictures`, `texts`, `coordination`."""

    posts: int
    media: int
    claims: int
    precision: dict[str, float]
    recall: dict[str, float]


class Share(msgspec.Struct, frozen=True):
    """So many of so many."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 where there is nothing to be right about, so that an empty result never looks perfect."""
        return round(self.right / self.of, 4) if self.of else 0.0


def score(house: House, sample: Path) -> Score:
    """Compare the workspace with the truth file of its sample."""
    truth = read_truth((sample / "truth.json").read_bytes())
    found = Found.of(house)
    pairs = {
        "pictures": score_pictures(house, truth),
        "texts": score_texts(house, truth, found),
        "coordination": score_coordination(house, truth, found),
    }
    posts = house.archive.table("posts")
    return Score(
        posts=int(posts.uid.nunique().to_pyarrow().as_py()),
        media=int(house.archive.table("media").sha256.nunique().to_pyarrow().as_py()),
        claims=len(queries.board(LOCAL, state=None, now=house.now())),
        precision={name: precision.value for name, (precision, _) in pairs.items()},
        recall={name: recall.value for name, (_, recall) in pairs.items()},
    )


def score_pictures(house: House, truth: Truth) -> tuple[Share, Share]:
    """Deciding matches with another file of the same scene ÷ all of them with another file; and files that PDQ
    can recognise and that were ÷ all such files whose scene is held in another file too."""
    index = indexes.pictures(house)
    scene = {file.sha256: file.picture for file in truth.files if house.archive.media_path(file.sha256).exists()}
    held = Counter(name for name in scene.values() if name)
    right = wrong = hit = able = 0
    for file in truth.files:
        if not file.picture or file.sha256 not in scene:
            continue
        signal = picture_signal(
            house.archive.media_path(file.sha256).read_bytes(), max_pixels=house.settings.picture_pixels
        )
        found = look_for_picture(index, signal.variants, quality=signal.quality, sha256=file.sha256, limit=100)
        others = {m.media_sha256 for m in found.matches if m.decides and m.media_sha256 != file.sha256}
        same = {sha for sha in others if scene.get(sha or "") == file.picture}
        right, wrong = right + len(same), wrong + len(others - same)
        if file.expect_pdq and held[file.picture] > 1:
            able, hit = able + 1, hit + bool(same)
    return Share(right, right + wrong), Share(hit, able)


def score_texts(house: House, truth: Truth, found: Found) -> tuple[Share, Share]:
    """Over pairs of posts: grouped together and truly the same text, ÷ grouped, ÷ the same.

    Two posts that the sample wrote apart but with one skeleton are the same text, whatever it meant.
    """
    meant: dict[str, str] = {}
    for planted in truth.text_groups:
        meant.update({found.uid(post): planted.group for post in (*planted.exact, *planted.near)})
    meant = {uid: name for uid, name in meant.items() if uid in found.observations}
    skeletons = _skeletons(house)
    placed: dict[str, str] = {}
    right = wrong = 0
    for group in indexes.groups_of_texts(house):
        uids = sorted(set(group.uids))
        placed.update(dict.fromkeys(uids, group.key))
        for a, b in combinations(uids, 2):
            same = (a in meant and meant.get(a) == meant.get(b)) or skeletons.get(a) == skeletons.get(b)
            right, wrong = right + same, wrong + (not same)
    able = hit = 0
    for uids in _by_value(meant).values():
        for a, b in combinations(sorted(uids), 2):
            able += 1
            hit += a in placed and placed.get(a) == placed.get(b)
    return Share(right, right + wrong), Share(hit, able)


def score_coordination(house: House, truth: Truth, found: Found) -> tuple[Share, Share]:
    """Kept edges inside one planted group ÷ kept edges; members of planted groups on a kept edge ÷ members."""
    member: dict[str, str] = {}
    for push in truth.pushes:
        if push.coordinated:
            member.update(dict.fromkeys(_members(push, found), push.push))
    edges = {
        (edge.account_a, edge.account_b)
        for trace in (Trace.URL, Trace.TEXT, Trace.PICTURE)
        for edge in run_trace(house, trace, Plan()).edges
        if edge.kept
    }
    right = sum(a in member and member[a] == member.get(b) for a, b in edges)
    reached = {account for edge in edges for account in edge}
    return Share(right, len(edges)), Share(sum(uid in reached for uid in member), len(member))


def _members(push: PushTruth, found: Found) -> Iterable[str]:
    return [found.source(source) for source in push.members]


def _skeletons(house: House) -> dict[str, int]:
    rows = house.archive.table("text_signals").select("uid", "skeleton_hash").to_pyarrow()
    return dict(zip(rows["uid"].to_pylist(), rows["skeleton_hash"].to_pylist(), strict=True))


def _by_value(values: Mapping[str, str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in values.items():
        grouped.setdefault(value, []).append(key)
    return grouped
