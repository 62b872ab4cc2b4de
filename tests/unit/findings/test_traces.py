"""Shares from an archive's tables, one trace after the other, and one spelling for one address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ibis.expr.types as ir
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.findings.archives import T0, image_signal, post, random_hash, table, texts

from dalil.findings import traces
from dalil.findings.addresses import normalised
from dalil.findings.coordination import coordinate
from dalil.findings.duplicates import media_groups, text_groups

EPOCH = int(T0.timestamp())


def rows(shares: ir.Table) -> set[tuple[Any, ...]]:
    names = ["object_id", "account_id", "content_id", "timestamp_share"]
    found = shares.select(*names).to_pyarrow().to_pylist()
    assert len(found) == len({tuple(row.values()) for row in found})
    return {tuple(row.values()) for row in found}


def link(written: str, expanded: str | None = None, final: str | None = None) -> dict[str, str | None]:
    return {"as_written": written, "expanded": expanded, "final": final}


def test_links_by_where_they_led() -> None:
    posts = [
        post(1, urls=[link("https://t.example/1", "https://www.News.example/a?utm_source=x", None)]),
        post(2, urls=[link("http://news.example/a/"), link("http://news.example/a")]),
        post(3, urls=[link("https://short.example/z", "https://hop.example/", "https://m.news.example/a#top")]),
        post(4, urls=[link("mailto:a@example.org"), link("nonsense")]),
        post(5, urls=[]),
        post(6),
    ]
    assert rows(traces.url_shares(table("posts", posts))) == {
        ("news.example/a", f"x:author-{n}", f"x:{n}", EPOCH + 3600 * n) for n in (1, 2, 3)
    }


def test_a_post_captured_again_is_one_share() -> None:
    again = post(1, obs_id="b", collected_at=T0 + timedelta(days=9), urls=[link("https://news.example/a")])
    posts = [post(1, urls=[link("https://news.example/a")]), again]
    assert len(rows(traces.url_shares(table("posts", posts)))) == 1


def test_the_roughest_time_of_a_post_counts() -> None:
    posts = [
        post(1, hashtags=["a"], created_precision="s"),
        post(1, obs_id="b", hashtags=["a"], created_precision="min"),
    ]
    (share,) = traces.hashtag_shares(table("posts", posts)).to_pyarrow().to_pylist()
    assert share["precision"] == "min"


def test_hashtags_in_any_spelling() -> None:
    posts = [post(1, hashtags=["#TelNahr"]), post(2, hashtags=["telnahr", "الجسر"]), post(3, hashtags=["#", "ألجسر"])]
    found = rows(traces.hashtag_shares(table("posts", posts)))
    assert {row[1] for row in found} == {"x:author-1", "x:author-2", "x:author-3"}
    assert len({row[0] for row in found}) == 2
    assert len(found) == 4


def test_texts_by_group_and_else_by_skeleton() -> None:
    claim = "The Grey Column says that it holds the bridge at Tel Nahr since this morning"
    posts = [post(1, text=claim), post(2, text="BREAKING " + claim), post(3, text="good morning"), post(4, text="🙂")]
    signals, table_ = texts(posts)
    groups = text_groups(signals, table_)
    found = rows(traces.text_shares(table_, signals, groups))
    by_post = {row[2]: row[0] for row in found}
    assert by_post["x:1"] == by_post["x:2"] == groups[0].key
    assert by_post["x:3"].startswith("skeleton:")
    assert "x:4" not in by_post
    assert len({row[0] for row in rows(traces.text_shares(table_, signals))}) == 3


def test_pictures_by_group_and_else_by_file() -> None:
    posts = [post(n) for n in (1, 2, 3)]
    media = [
        {"obs_id": row["obs_id"], "sha256": name, "collected_at": T0} for row, name in zip(posts, "abc", strict=True)
    ]
    signals = [image_signal("a", random_hash(1)), image_signal("b", random_hash(1)), image_signal("c", random_hash(2))]
    groups = media_groups(table("image_signals", signals))
    found = rows(traces.picture_shares(table("posts", posts), table("media", media), groups))
    by_post = {row[2]: row[0] for row in found}
    assert by_post == {"x:1": "picture:a", "x:2": "picture:a", "x:3": "sha256:c"}


def test_reposts_and_forwards_that_the_platform_recorded() -> None:
    def edge(src: str, dst: str | None, kind: str, **more: Any) -> dict[str, Any]:
        return {
            "obs_id": src,
            "src_uid": src,
            "dst_uid": dst,
            "type": kind,
            "author_ref": f"by-{src}",
            "at": T0,
            "direct": True,
            **more,
        }

    edges = [
        edge("x:1", "x:9", "repost"),
        edge("x:1", "x:9", "repost", obs_id="again"),
        edge("x:2", "x:9", "forward"),
        edge("x:3", "x:9", "reply"),
        edge("x:4", None, "repost"),
        edge("x:5", "x:9", "repost", direct=False),
    ]
    assert rows(traces.repost_shares(table("edges", edges))) == {
        ("x:9", "by-x:1", "x:1", EPOCH),
        ("x:9", "by-x:2", "x:2", EPOCH),
    }


@pytest.mark.parametrize("trace", list(traces.Trace))
def test_each_trace_of_an_empty_archive_can_be_run(trace: traces.Trace) -> None:
    empty = {name: table(name, []) for name in ("posts", "edges", "media", "text_signals")}
    shares = {
        traces.Trace.URL: lambda: traces.url_shares(empty["posts"]),
        traces.Trace.HASHTAG: lambda: traces.hashtag_shares(empty["posts"]),
        traces.Trace.TEXT: lambda: traces.text_shares(empty["posts"], empty["text_signals"]),
        traces.Trace.PICTURE: lambda: traces.picture_shares(empty["posts"], empty["media"]),
        traces.Trace.REPOST: lambda: traces.repost_shares(empty["edges"]),
    }[trace]()
    result = coordinate(shares, window=timedelta(seconds=60), trace=trace.value)
    assert (result.trace, result.shares, result.edges) == (trace.value, 0, ())


def test_posts_without_author_or_time_are_counted_and_days_left_out() -> None:
    urls = [link("https://news.example/a")]
    posts = [
        post(1, urls=urls),
        post(2, urls=urls, author_ref=None),
        post(3, urls=urls, created_at=None),
        post(4, urls=urls, created_precision="day"),
    ]
    result = coordinate(traces.url_shares(table("posts", posts)), window=timedelta(seconds=60))
    assert result.shares == 1
    assert "shares-left-out=3" in result.caveats


@pytest.mark.parametrize("minutes", ["s", "min"])
def test_a_workspaces_coordination_end_to_end(minutes: str) -> None:
    posts = []
    for n in range(400):
        address = [link(f"https://news.example/{n * n % 97}")]
        posts.append(
            post(
                n,
                urls=address,
                author_ref=f"x:a{n % 60}",
                created_at=T0 + timedelta(minutes=17 * n),
                created_precision=minutes,
            )
        )
    for page in range(5):
        for member in range(4):
            posts.append(
                post(
                    1000 + 10 * page + member,
                    urls=[link(f"https://push.example/{page}")],
                    author_ref=f"x:m{member}",
                    created_at=T0 + timedelta(hours=5 * page, seconds=10 * member),
                    created_precision=minutes,
                )
            )
    result = coordinate(traces.url_shares(table("posts", posts)), window=timedelta(seconds=60), trace="url")
    (campaign,) = result.campaigns
    assert campaign.public_accounts == ("x:m0", "x:m1", "x:m2", "x:m3")
    assert set(campaign.objects) == {f"push.example/{page}" for page in range(5)}


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://www.Example.org/A/b/", "example.org/A/b"),
        ("http://example.org", "example.org"),
        ("example.org/a", "example.org/a"),
        ("https://example.org:443/a", "example.org/a"),
        ("https://example.org:8080/a", "example.org:8080/a"),
        ("https://example.org/a?b=2&a=1&fbclid=z&UTM_Medium=q#frag", "example.org/a?a=1&b=2"),
        ("https://example.org/watch?v=abc&si=zzz", "example.org/watch?v=abc"),
        ("https://example.org/%7euser/%d8%a8", "example.org/~user/%D8%A8"),
        ("https://m.example.org/a", "example.org/a"),
        ("https://m.org/a", "m.org/a"),
        ("https://www.m.example.org/a", "example.org/a"),
        ("example.org/a?next=https://example.net", "example.org/a?next=https%3A%2F%2Fexample.net"),
        ("mailto:a@example.org", None),
        ("https://example.org./a", "example.org/a"),
        ("https://user:secret@example.org/a", "example.org/a"),
        ("ftp://example.org/a", None),
        ("javascript:alert(1)", None),
        ("https://localhost/a", None),
        ("https://example.org:port/", None),
        ("https://[broken/", None),
        ("", None),
    ],
)
def test_one_spelling_for_one_address(address: str, wanted: str | None) -> None:
    assert normalised(address) == wanted


@given(st.one_of(st.text(max_size=60), st.text(max_size=40).map(lambda tail: f"https://example.org/{tail}")))
def test_any_text_has_a_spelling_or_none_and_it_is_stable(address: str) -> None:
    once = normalised(address)
    assert once is None or normalised(once) == once
