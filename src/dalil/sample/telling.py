"""The truth file's content, put together from a week."""

from __future__ import annotations

from collections import Counter, defaultdict

from dalil.sample.album import PictureFile
from dalil.sample.casework import Worked
from dalil.sample.cast import Account, cell
from dalil.sample.clock import NOW, WEEK, ZONE
from dalil.sample.coordination import Push
from dalil.sample.expected import measures
from dalil.sample.format_telegram import POISON
from dalil.sample.script import PostRef, SourceRef
from dalil.sample.stream import Draft
from dalil.sample.truthfile import (
    CellTruth,
    ClaimTruth,
    Counts,
    FileTruth,
    ObjectTruth,
    PostTruth,
    PushTruth,
    TextGroupTruth,
    Truth,
)
from dalil.sample.week import Week
from dalil.sample.world import LANGUAGES
from dalil.schema.words import ReportCode


def truth_of(week: Week) -> Truth:
    """Everything that is true about a week."""
    files = _files(week)
    own = [d for d in week.stream.drafts if d.kind not in ("repost", "forward")]
    counts = Counts(
        posts=len(own),
        reposts=len(week.stream.drafts) - len(own),
        accounts=len(week.people.accounts),
        claims=len(week.worked),
        media=len(files),
        captures=len(week.captures),
        posts_by_platform=dict(sorted(Counter(d.platform for d in own).items())),
    )
    return Truth(
        seed=week.seed,
        zone=ZONE,
        week=WEEK,
        as_of=NOW,
        counts=counts,
        claims=tuple(_claim(week, worked) for worked in week.worked),
        text_groups=tuple(
            TextGroupTruth(
                group=f.name, origin=f.origin, exact=tuple(d.ref for d in f.exact), near=tuple(d.ref for d in f.near)
            )
            for f in week.families
        ),
        files=files,
        pushes=tuple(_push(push) for push in week.pushes),
        measures=measures(week.inputs),
        inputs=week.inputs,
        never_stored=(POISON,),
        posts=_posts(week),
    )


def source(account: Account) -> SourceRef:
    """An account as the truth names it."""
    return SourceRef(account.platform, account.native_id, account.kind != "person")


def _posts(week: Week) -> tuple[PostTruth, ...]:
    groups = {d: f.name for f in week.families for d in (*f.exact, *f.near)}
    codes: dict[Draft, ReportCode] = {c.draft: c.code for w in week.worked for c in w.case.coded}
    held: dict[Draft, list[int]] = defaultdict(list)
    for number, drafts in week.seen.items():
        for draft in drafts:
            held[draft].append(number)
    for number, items in week.hand.items():
        for item in items:
            held[item.draft].append(number)
    return tuple(
        PostTruth(
            post=d.ref,
            author=source(d.account),
            at=d.at,
            kind=d.kind,
            hashed=d.account.kind in ("person", "group"),
            claim=d.claim,
            code=codes.get(d),
            text_group=groups.get(d, ""),
            near=d.near,
            picture=d.picture.picture if d.picture else "",
            edit=d.picture.edit if d.picture else "",
            sha256=d.picture.sha256 if d.picture else "",
            pushed=d.pushed,
            edited_at=d.edited_at,
            edited_id=d.edited_id,
            deleted_at=d.deleted_at,
            captures=tuple(sorted(set(held[d]))),
        )
        for d in week.stream.drafts
    )


def _claim(week: Week, worked: Worked) -> ClaimTruth:
    plot = worked.case.plot
    exhibit = week.exhibits.get(plot.key)
    cells = tuple(
        CellTruth(
            cell=cell(c.cell_name),
            t0=c.t0,
            crossed_at=c.crossed,
            second_at=c.second,
            qualified_at=c.qualified,
            answered_at=worked.case.answers[c.cell_name].at if c.cell_name in worked.case.answers else None,
            answered_by=worked.answered_by.get(c.cell_name),
        )
        for c in plot.cells
    )
    return ClaimTruth(
        claim=plot.key,
        sentence={language: plot.sentence(language) for language in LANGUAGES},
        claim_type=plot.claim_type,
        maker_class=plot.maker,
        verdict=plot.verdict,
        media_finding=plot.media,
        t0=min(c.t0 for c in plot.cells),
        logged_at=worked.logged_at,
        cells=cells,
        settled=worked.verdict,
        settled_at=worked.verdict_at,
        silent_since=worked.silent_since,
        exhibit=exhibit.held.sha256 if exhibit else None,
        earlier=exhibit.earlier.ref if exhibit and exhibit.earlier else None,
    )


def _files(week: Week) -> tuple[FileTruth, ...]:
    """Each file once, with the posts under which it stands in the captures."""
    posts: dict[str, list[PostRef]] = defaultdict(list)
    files: dict[str, PictureFile] = {}
    for number in week.seen:
        for draft in week.seen[number]:
            if draft.picture is not None:
                files[draft.picture.sha256] = draft.picture
                posts[draft.picture.sha256].append(draft.ref)
    for items in week.hand.values():
        for item in items:
            if item.screenshot is not None:
                files[item.screenshot.sha256] = item.screenshot
                posts[item.screenshot.sha256].append(item.draft.ref)
    return tuple(
        FileTruth(
            sha256=sha256, picture=held.picture, edit=held.edit, width=held.width, height=held.height,
            expect_pdq=held.expect_pdq, posts=tuple(dict.fromkeys(posts[sha256])),
        )
        for sha256, held in files.items()
    )  # fmt: skip


def _push(push: Push) -> PushTruth:
    return PushTruth(
        push=push.key,
        platform=push.members[0].platform,
        coordinated=push.coordinated,
        members=tuple(source(a) for a in push.members),
        objects=tuple(
            ObjectTruth(object=item.key, trace=item.trace, value=item.value, posts=tuple(d.ref for d in item.posts))
            for item in push.objects
        ),
    )
