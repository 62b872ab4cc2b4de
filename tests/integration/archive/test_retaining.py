"""Days by class, holds by two circles, expiry and expunging: what goes, what never does, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import keeping_house
import pytest
from keeping_house import NOW, Keeping

from dalil.archive.retention import CLASSES
from dalil.errors import Conflict, InputError, NotAllowed, NotAvailable


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        made.bring("x", keeping_house.x_posts(made.folder / "tweets.jsonl"))
        keeping_house.hand_folder(made.folder / "hand")
        made.bring("hand", made.folder / "hand")
        yield made


def set_days(keeping: Keeping, **days: int | None) -> None:
    from dalil.actions.retaining import set_days
    from dalil.people.actor import LOCAL

    set_days(LOCAL, days, house=keeping.house)


def expire(keeping: Keeping, **given: Any) -> Any:
    from dalil.actions.retaining import expire
    from dalil.people.actor import LOCAL

    return expire(LOCAL, house=keeping.house, **given)


def later(keeping: Keeping, days: int) -> None:
    keeping.clock.at = NOW + timedelta(days=days)


def log_with(keeping: Keeping, *obs_ids: str) -> str:
    from dalil.actions import claims
    from dalil.schema.casework import Cell
    from dalil.schema.words import ClaimType, MakerClass

    actor = keeping.member("blue", "checker")
    now, desk = keeping.house.now(), keeping.house.desk
    claim_id = claims.log_claim(
        actor,
        sentence="The Grey Column says it holds the bridge at Tel Nahr.",
        sentence_lang="en",
        claim_type=ClaimType.VICTORY,
        maker_class=MakerClass.GROUP,
        cells=[Cell("x", "en", "sahlara")],
        observation_ids=obs_ids,
        now=now,
        desk=desk,
    )
    return str(claim_id)


def test_by_default_everything_is_kept_for_ever(keeping: Keeping) -> None:
    later(keeping, 30_000)
    report = expire(keeping)
    assert report.due == dict.fromkeys(CLASSES, 0)
    assert report.gone == {}


def test_ordinary_posts_go_when_their_days_are_over_and_not_before(keeping: Keeping) -> None:
    set_days(keeping, posts=10)
    before = keeping.ids()
    later(keeping, 9)
    assert expire(keeping).due["posts"] == 0
    later(keeping, 11)
    planned = expire(keeping, dry_run=True)
    assert planned.due["posts"] == len(before)
    assert keeping.ids() == before
    assert expire(keeping).gone["posts"] == len(before)
    assert keeping.ids() == set()
    assert keeping.damages() == []
    assert expire(keeping).gone == {}


def test_what_a_claim_refers_to_stays(keeping: Keeping) -> None:
    wanted = keeping.post("Report 3")["obs_id"]
    log_with(keeping, wanted)
    set_days(keeping, posts=10, raw=10, media=10)
    later(keeping, 11)
    report = expire(keeping)
    assert report.referred == 1
    assert keeping.ids() == {wanted}
    assert b"Report 3" in keeping.house.archive.raw(wanted)


def test_evidence_of_settled_claims_is_told_and_never_taken(keeping: Keeping) -> None:
    from dalil.desk.models import Claim

    wanted = keeping.post("Report 3")["obs_id"]
    claim_id = log_with(keeping, wanted)
    Claim.objects.filter(pk=claim_id).update(state="settled")
    set_days(keeping, settled=10, posts=10)
    later(keeping, 11)
    report = expire(keeping)
    assert report.due["settled"] == 1
    assert "settled" not in report.gone
    assert keeping.ids() == {wanted}


def test_a_hold_of_two_circles_stops_everything_until_two_release_it(keeping: Keeping) -> None:
    from dalil.actions import agreeing

    blue, other, green = keeping.member("blue", "editor"), keeping.member("blue"), keeping.member("green", "editor")
    house, held = keeping.house, keeping.post("Report 2")["obs_id"]
    proposal = agreeing.propose(blue, "hold", held, house=house)
    assert agreeing.propose(other, "hold", held, house=house) == proposal, "a second proposal is the first"
    with pytest.raises(Conflict) as same:
        agreeing.agree(other, proposal, house=house)
    assert same.value.code == "agreement-same-circle"
    agreeing.agree(green, proposal, house=house)
    with pytest.raises(Conflict) as over:
        agreeing.agree(green, proposal, house=house)
    assert over.value.code == "agreement-over"
    set_days(keeping, posts=1, raw=1)
    later(keeping, 500)
    assert expire(keeping).held == 1
    assert keeping.ids() == {held}
    wish = agreeing.propose(blue, "expunge", held, reason="harm", house=house)
    with pytest.raises(Conflict) as kept:
        agreeing.agree(green, wish, house=house)
    assert kept.value.code == "item-held"
    assert [row.state for row in agreeing.proposals(green, house=house) if row.kind == "expunge"] == ["open"]
    agreeing.agree(blue, agreeing.propose(green, "release", held, house=house), house=house)
    agreeing.agree(green, wish, house=house)
    assert keeping.ids() == set()
    assert keeping.damages() == []


def test_an_expunge_of_two_circles_and_its_traces(keeping: Keeping) -> None:
    from dalil.actions import agreeing
    from dalil.audit import queries as audit

    blue, green = keeping.member("blue", "editor"), keeping.member("green", "keeper")
    house, gone = keeping.house, keeping.post("Report 2")
    log_with(keeping, gone["obs_id"])
    proposal = agreeing.propose(blue, "expunge", gone["obs_id"], reason="asked", house=house)
    report: Any = agreeing.agree(green, proposal, house=house)
    assert (report.observations, report.referred, report.reason) == (1, 1, "asked")
    assert b"Report 2 from" not in keeping.bytes_of_everything()
    assert gone["obs_id"] not in keeping.ids()
    told = house.archive.custody()[-1]
    assert told.action == "expunged"
    assert (blue.circle_id, green.circle_id) == (told.circle, told.reason.split('"with":"')[1].strip('"}'))
    names = [row.event for row in audit.entries(green)]
    assert names[:2] == ["archive.expunged", "agreement.agreed"]
    assert audit.verify() == []
    assert audit.last_fact("archive", "head") == house.archive.manifest_head()
    again = keeping.bring("x", keeping.files["x"])
    assert (again.kept, again.expunged) == (0, 1)
    assert again.known + again.expunged == again.files[0].read
    assert keeping.damages() == []


def test_one_may_where_the_law_leaves_no_choice_and_nowhere_else(keeping: Keeping) -> None:
    from dalil.actions.expunging import expunge_alone
    from dalil.people.actor import LOCAL

    gone = keeping.post("Report 2")["obs_id"]
    for reason in ("asked", "harm", "mistake", "private", "expired"):
        with pytest.raises(InputError) as two:
            expunge_alone(LOCAL, [gone], reason=reason, house=keeping.house)
        assert two.value.code == "reason-needs-two"
    with pytest.raises(InputError):
        expunge_alone(LOCAL, [gone], reason="whim", house=keeping.house)
    with pytest.raises(InputError):
        expunge_alone(LOCAL, ["nonsense"], reason="legal", house=keeping.house)
    with pytest.raises(NotAllowed):
        expunge_alone(keeping.member("blue", "editor"), [gone], reason="legal", house=keeping.house)
    planned = expunge_alone(LOCAL, [gone], reason="legal", house=keeping.house, dry_run=True)
    assert (planned.observations, gone in keeping.ids()) == (1, True)
    done = expunge_alone(LOCAL, [gone, "0" * 64], reason="legal", house=keeping.house)
    assert (done.observations, done.missing) == (1, ("0" * 64,))


def test_raw_records_alone(keeping: Keeping) -> None:
    set_days(keeping, raw=10)
    later(keeping, 11)
    ids, posts = keeping.ids(), len(keeping.rows("posts"))
    assert expire(keeping).gone == {"raw": len(ids)}
    assert len(keeping.rows("posts")) == posts
    with pytest.raises(NotAvailable) as gone:
        keeping.house.archive.raw(next(iter(ids)))
    assert gone.value.code == "raw-gone"
    assert keeping.damages() == []
    assert expire(keeping).due["raw"] == 0
    assert keeping.damages() == []


def test_media_bytes_alone_and_their_fingerprints_stay(keeping: Keeping) -> None:
    (sha256,) = keeping.rows("media", "sha256")
    set_days(keeping, media=10)
    later(keeping, 11)
    assert expire(keeping).gone == {"media": 1}
    assert not keeping.house.workspace.media_path(sha256).exists()
    assert keeping.rows("image_signals", "sha256") == [sha256]
    assert keeping.rows("media", "sha256") == [sha256]
    assert keeping.damages() == []
    assert expire(keeping).gone == {}


def test_locators_go_where_nothing_younger_names_the_person(keeping: Keeping) -> None:
    with keeping.house.workspace.manifest.reading() as connection:
        sealed = {row[0] for row in connection.execute("SELECT pseudonym FROM locators")}
    assert len(sealed) > 3
    set_days(keeping, locators=10)
    later(keeping, 8)
    keeping.bring("x2", keeping_house.x_posts(keeping.folder / "more.jsonl", 30, 32))
    later(keeping, 11)
    young = {row["author_ref"] for row in keeping.rows("posts") if "Report 3" in row["text"] and row["author_ref"]}
    gone = expire(keeping).gone["locators"]
    assert 0 < gone < len(sealed) + 4
    for pseudonym in young & {row["author_ref"] for row in keeping.rows("posts") if "Report 30" in row["text"]}:
        assert keeping.house.archive.sealed_locator(pseudonym) is not None
    assert keeping.damages() == []


def test_rejects_of_old_imports(keeping: Keeping) -> None:
    broken = keeping.folder / "broken.jsonl"
    broken.write_text(keeping.files["x"].read_text() + '{"data": [{"id": "5", "text": 7}]}\n')
    assert keeping.bring("broken", broken).rejected
    set_days(keeping, rejects=10)
    later(keeping, 11)
    assert expire(keeping).gone == {"rejects": 1}
    (row,) = [row for row in keeping.house.archive.intakes() if row.rejected]
    assert keeping.house.archive.rejects(row.intake_id) == []


def test_it_stops_where_it_is_told_and_a_job_goes_on(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    from dalil.actions import retaining
    from dalil.actions.steps import steps
    from dalil.jobs import queries, worker

    monkeypatch.setattr(retaining, "AT_ONCE", 3)
    set_days(keeping, posts=10)
    later(keeping, 11)
    total = len(keeping.ids())
    first = expire(keeping, progress=lambda done, _total: done < 3)
    assert (first.cancelled, len(keeping.ids())) == (True, total - 3)
    assert keeping.damages() == []
    job_id = retaining.enqueue_expire(keeping.member("blue"), house=keeping.house)
    assert worker.run(steps(keeping.house), keeping.house.clock, once=True) == 1
    row = queries.job(job_id)
    assert row is not None
    assert (row.state.value, row.unit) == ("done", "items")
    assert keeping.ids() == set()


@pytest.mark.parametrize("days", [{"posts": 0}, {"posts": -1}, {"posts": 99_999}, {"everything": 5}])
def test_days_that_are_none(keeping: Keeping, days: dict[str, int]) -> None:
    with pytest.raises(InputError):
        set_days(keeping, **days)
    assert not (keeping.house.workspace.folder / "retention.json").exists()


def test_who_may(keeping: Keeping) -> None:
    from dalil.actions import agreeing, retaining
    from dalil.people.actor import LOCAL

    held = keeping.post("Report 2")["obs_id"]
    with pytest.raises(NotAllowed):
        retaining.set_days(keeping.member("blue", "editor"), {"posts": 1}, house=keeping.house)
    with pytest.raises(NotAllowed):
        retaining.expire(keeping.member("blue", "researcher"), house=keeping.house)
    for actor in (LOCAL, keeping.member("blue", "spotter"), keeping.member("blue", "checker", "probation")):
        with pytest.raises(NotAllowed):
            agreeing.propose(actor, "hold", held, house=keeping.house)
    with pytest.raises(NotAllowed):
        agreeing.propose(keeping.member("blue", "checker"), "expunge", held, reason="harm", house=keeping.house)
    with pytest.raises(NotAllowed):
        agreeing.propose(keeping.member("blue", "checker"), "hold", "0" * 64, house=keeping.house)
    proposal = agreeing.propose(keeping.member("blue"), "hold", held, house=keeping.house)
    with pytest.raises(NotAllowed):
        agreeing.agree(LOCAL, proposal, house=keeping.house)
    agreeing.withdraw(keeping.member("green"), proposal, house=keeping.house)
    with pytest.raises(Conflict):
        agreeing.agree(keeping.member("green"), proposal, house=keeping.house)
