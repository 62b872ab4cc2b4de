"""The truth file agrees with the stream it tells of, and its figures clear what they must."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from dalil.sample.coordination import WINDOW
from dalil.sample.script import PostRef
from dalil.sample.truthfile import PushTruth, Truth
from dalil.sample.week import Week, imagine
from dalil.sample.writing import SampleWeek


def test_sizes_are_those_that_were_asked_for(truth: Truth, sample_week: SampleWeek) -> None:
    counts = truth.counts
    assert 11_500 <= counts.posts <= 12_500
    assert counts.accounts == 600
    assert counts.claims == 60
    assert set(counts.posts_by_platform) == {"x", "facebook", "telegram"}
    assert sum(counts.posts_by_platform.values()) == counts.posts == sample_week.counts["posts"]
    assert len({p.post for p in truth.posts}) == len(truth.posts) == counts.posts + counts.reposts


def test_nearly_every_post_was_captured(truth: Truth) -> None:
    missed = [p for p in truth.posts if not p.captures]
    assert len(missed) < 60
    numbers = {number for p in truth.posts for number in p.captures}
    assert len(numbers) == truth.counts.captures


def test_edits_and_deletions_are_seen_before_and_after(truth: Truth) -> None:
    for platform in ("x", "facebook", "telegram"):
        edited = [p for p in truth.posts if p.post.platform == platform and p.edited_at]
        assert len(edited) >= 5
        assert all(len(p.captures) >= 2 for p in edited)
        gone = [p for p in truth.posts if p.post.platform == platform and p.deleted_at]
        assert len(gone) >= 5
        assert all(p.captures for p in gone)


def test_measures_clear_ten_and_are_plausible(truth: Truth) -> None:
    found = truth.measures
    assert 30 <= found.m1.all.n <= 40
    assert found.m1.unknown >= 1
    assert found.m1.left_out >= 1
    assert 0.2 < found.m1.all.numerator / found.m1.all.n < 0.7
    assert found.m1.without_ours.numerator > found.m1.all.numerator
    assert 20 <= found.m3b.n <= 40
    assert found.m3b.events < found.m3b.n
    assert found.m3b.median_hours == pytest.approx(7.5, abs=2)
    assert 12 <= found.m3.n <= 20
    assert found.m3.median_hours == pytest.approx(12, abs=4)
    assert found.m3.events < found.m3.n
    assert found.m3_not_settled == 3


def test_shares_by_platform_and_maker_add_up(truth: Truth) -> None:
    for parts in (truth.measures.m1.by_platform, truth.measures.m1.by_maker):
        assert sum(part.n for part in parts.values()) == truth.measures.m1.all.n
        assert sum(part.numerator for part in parts.values()) == truth.measures.m1.all.numerator


def test_text_groups_name_posts_that_are_there(truth: Truth) -> None:
    by_ref = {p.post: p for p in truth.posts}
    seen: set[PostRef] = set()
    for group in truth.text_groups:
        members = (*group.exact, *group.near)
        assert len(members) >= 2
        assert seen.isdisjoint(members)
        seen.update(members)
        assert all(by_ref[ref].text_group == group.group for ref in members)
        assert all(by_ref[ref].near for ref in group.near)
    origins = Counter(group.origin for group in truth.text_groups)
    assert origins.keys() == {"claim", "push", "viral", "chance", "forward"}
    assert origins["claim"] >= 60


def widest(push: PushTruth, truth: Truth) -> list[timedelta]:
    at = {p.post: p.at for p in truth.posts}
    return [max(at[r] for r in item.posts) - min(at[r] for r in item.posts) for item in push.objects]


def test_coordinated_groups_push_forty_objects_within_a_minute(truth: Truth) -> None:
    groups = [push for push in truth.pushes if push.coordinated]
    assert len(groups) == 2
    for push in groups:
        assert 20 <= len(push.members) <= 30
        assert len(push.objects) >= 40
        assert all(width <= WINDOW for width in widest(push, truth))
        authors = {p.author for p in truth.posts if p.pushed.startswith(push.push + "/")}
        assert authors <= set(push.members)
    assert {item.trace for push in groups for item in push.objects} == {"url", "text", "picture"}


def test_decoys_are_as_large_and_not_coordinated(truth: Truth) -> None:
    decoys = [push for push in truth.pushes if not push.coordinated]
    members = {m for push in truth.pushes if push.coordinated for m in push.members}
    assert decoys
    for push in decoys:
        assert len(push.objects) == 1
        assert len(push.objects[0].posts) >= 40
        assert widest(push, truth)[0] > timedelta(hours=12)
        assert members.isdisjoint(push.members)


def test_claims_tell_who_answered_and_what_was_shown_before(truth: Truth) -> None:
    by_ref = {p.post: p for p in truth.posts}
    files = {f.sha256: f for f in truth.files}
    recycled = [c for c in truth.claims if c.media_finding == "recycled"]
    assert len(recycled) >= 20
    for claim in recycled:
        assert claim.exhibit is not None
        assert claim.earlier is not None
        earlier = by_ref[claim.earlier]
        assert earlier.at < claim.t0 - timedelta(days=4)
        assert earlier.picture == files[claim.exhibit].picture
        assert earlier.edit == "original"
    for claim in truth.claims:
        assert set(claim.sentence) == {"ar", "ckb", "en"}
        for cell in claim.cells:
            assert (cell.answered_at is None) == (cell.answered_by is None)
            assert cell.answered_by in (None, "blue", "green")
            assert claim.t0 <= cell.t0


def test_posts_say_who_is_kept_private(truth: Truth) -> None:
    kinds: dict[str, set[bool]] = defaultdict(set)
    for post in truth.posts:
        kinds[post.post.platform].add(post.hashed)
        if not post.author.public:
            assert post.hashed
    assert all(values == {True, False} for values in kinds.values())


def test_another_seed_is_another_week(plain_week: Week) -> None:
    other = imagine(8, lambda done, total: None)
    assert [d.text for d in plain_week.stream.drafts[:50]] != [d.text for d in other.stream.drafts[:50]]
    assert plain_week.inputs.timelines != other.inputs.timelines
    ids = {d.native_id for d in plain_week.stream.drafts}
    assert len(ids & {d.native_id for d in other.stream.drafts}) == 0
