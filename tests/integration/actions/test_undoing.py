"""Undo of an import, as its people do it: refused once something refers to it, told in audit, by a job and a command."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import keeping_house
import msgspec
import pytest
from command_line import asked, dalil, environment
from import_inputs import crowdtangle_file, x_file
from keeping_house import NOW, Keeping

from dalil.archive.workspace import PLAIN_VOLUME_WORDS
from dalil.errors import Conflict, InputError, NotAllowed

PASSPHRASE = "four quiet words here"


@pytest.fixture
def keeping(database: Path, tmp_path: Path) -> Iterator[Keeping]:
    with keeping_house.keeping(tmp_path) as made:
        yield made


def undo(keeping: Keeping, intake: str, **given: Any) -> Any:
    from dalil.actions.undoing import undo
    from dalil.people.actor import LOCAL

    return undo(given.pop("actor", LOCAL), intake, house=keeping.house, **given)


def plan(keeping: Keeping, intake: str) -> Any:
    from dalil.actions.undoing import plan
    from dalil.people.actor import LOCAL

    return plan(LOCAL, intake, house=keeping.house)


def bring(keeping: Keeping, name: str, path: Path) -> str:
    (intake,) = keeping.bring(name, path).intakes
    return str(intake)


def events(*names: str) -> list[tuple[str, str]]:
    from dalil.audit.models import Entry

    return list(Entry.objects.filter(event__in=names).order_by("pk").values_list("event", "facts"))


def log_with(keeping: Keeping, *obs_ids: str) -> str:
    from dalil.actions import claims
    from dalil.schema.casework import Cell
    from dalil.schema.words import ClaimType, MakerClass

    return str(
        claims.log_claim(
            keeping.member("blue", "checker"),
            sentence="The Grey Column says it holds the bridge at Tel Nahr.",
            sentence_lang="en",
            claim_type=ClaimType.VICTORY,
            maker_class=MakerClass.GROUP,
            cells=[Cell("x", "en", "sahlara")],
            observation_ids=obs_ids,
            now=keeping.house.now(),
            desk=keeping.house.desk,
        )
    )


def test_every_kind_of_import_goes_whole_and_comes_again(keeping: Keeping) -> None:
    keeping_house.four_formats(keeping)
    rows = {row.source_format: row for row in keeping.house.archive.intakes()}
    poison = {
        "x-api-v2": b"Report 3 from the bridge",
        "hand-capture": b"The market at Dalya is open",
        "telegram-desktop": "الجسر".encode(),
    }
    for name, row in rows.items():
        before, held = keeping.ids(), keeping.house.archive.intake(row.intake_id).held
        report = undo(keeping, row.intake_id)
        assert report.observations >= held > 0, name
        assert keeping.ids() < before
        if name in poison:
            assert poison[name] not in keeping.bytes_of_everything(), name
        assert keeping.damages() == []
    assert keeping.ids() == set()
    assert [path for path in keeping.house.workspace.media.rglob("*") if path.is_file()] == []
    for table in ("observations", "posts", "accounts", "edges", "text_signals", "media", "image_signals"):
        assert keeping.house.archive.table(table).count().execute() == 0, table
    with keeping.house.workspace.manifest.reading() as connection:
        for table in ("known", "media", "image_signals", "locators", "rejects", "received", "raw_segments"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    for name, path in keeping.files.items():
        (report,) = keeping.bring(name, path).files
        assert (report.known, report.expunged) == (0, 0)
        assert report.kept > 0
    assert keeping.damages() == []


def test_the_search_and_the_texts_of_pictures_forget_it(keeping: Keeping) -> None:
    from dalil.actions.searching import Asked, search
    from dalil.archive import picture_texts

    keeping_house.hand_folder(keeping.folder / "hand")
    intake = bring(keeping, "hand", keeping.folder / "hand")
    actor = keeping.member("blue", "checker")
    house = keeping.house
    (sha256,) = keeping.rows("media", "sha256")
    picture_texts.add(house.workspace, [(sha256, "tesseract", "1", "plain", "bridge", 1, 90.0)], now=NOW)
    assert search(actor, Asked(text="market"), house=house).total == 1
    assert undo(keeping, intake).media == 1
    assert house.archive.table("picture_texts").count().execute() == 0
    assert search(actor, Asked(text="market"), house=house).total == 0
    assert keeping.damages() == []


def test_a_claim_that_refers_to_one_of_its_items_keeps_it(keeping: Keeping) -> None:
    intake = bring(keeping, "ct", crowdtangle_file(keeping.folder / "pages.csv", 0, 6))
    ids = sorted(keeping.ids())
    claim_id = log_with(keeping, ids[0], ids[1])
    found = plan(keeping, intake)
    assert (found.obstacle, found.named.items) == ("undo-referred", 2)
    assert [(row.claim_id, row.items) for row in found.named.claims] == [(claim_id, 2)]
    with pytest.raises(Conflict) as raised:
        undo(keeping, intake)
    assert raised.value.code == "undo-referred"
    assert raised.value.facts == {"items": 2, "claims": 1, "held": 0}
    assert keeping.ids() == set(ids)


def test_whatever_names_an_item_keeps_it(keeping: Keeping) -> None:
    """Evidence of a check, a finding about its picture, a hold that is only asked for."""
    from dalil.actions import agreeing, claims
    from dalil.desk.queries import naming
    from dalil.schema.words import Confidence, MediaFindingKind

    keeping_house.hand_folder(keeping.folder / "hand")
    intake = bring(keeping, "hand", keeping.folder / "hand")
    (obs_id,), (sha256,) = keeping.ids(), keeping.rows("media", "sha256")
    house, checker = keeping.house, keeping.member("blue", "checker")
    assert naming({obs_id, sha256}).is_empty
    proposal = agreeing.propose(keeping.member("green"), "hold", obs_id, house=house)
    assert (plan(keeping, intake).named.held, plan(keeping, intake).obstacle) == (1, "undo-referred")
    agreeing.withdraw(keeping.member("green"), proposal, house=house)
    assert plan(keeping, intake).obstacle == ""
    claim_id = log_with(keeping)
    now, desk = house.now(), house.desk
    claims.take(checker, claim_id, now=now, desk=desk)
    claims.record_media_finding(
        checker, claim_id, sha256=sha256, finding=MediaFindingKind.UNCHANGED, now=now, desk=desk
    )
    assert [row.claim_id for row in plan(keeping, intake).named.claims] == [claim_id]
    claims.add_check(
        checker,
        claim_id,
        question="Is it open?",
        method="",
        finding="It is.",
        confidence=Confidence.LIKELY,
        evidence=[obs_id],
        now=now,
        desk=desk,
    )
    assert plan(keeping, intake).named.items == 2
    with pytest.raises(Conflict):
        undo(keeping, intake)


def test_what_begins_to_refer_while_it_is_planned_stops_it(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    from dalil.archive import undoing

    intake = bring(keeping, "ct", crowdtangle_file(keeping.folder / "pages.csv", 0, 6))
    before = keeping.ids()
    plain = undoing.prepared

    def slow(*given: Any, **more: Any) -> Any:
        log_with(keeping, min(before))
        return plain(*given, **more)

    monkeypatch.setattr(undoing, "prepared", slow)
    with pytest.raises(Conflict) as raised:
        undo(keeping, intake)
    assert raised.value.code == "undo-referred"
    assert keeping.ids() == before
    assert keeping.damages() == []


def test_a_suggestion_keeps_nothing_and_goes_with_it(keeping: Keeping) -> None:
    from dalil.desk.models import Suggestion

    intake = bring(keeping, "ct", crowdtangle_file(keeping.folder / "pages.csv", 0, 6))
    ids = sorted(keeping.ids())
    keeping.bring("other", crowdtangle_file(keeping.folder / "others.csv", 20, 26))
    others = sorted(keeping.ids() - set(ids))
    for key, named, state in (
        ("a", ids[:2], "suggested"),
        ("b", ids[2:4], "dismissed"),
        ("c", others[:2], "suggested"),
    ):
        Suggestion.objects.create(
            suggestion_id=key * 32,
            group_key=key,
            sentence="says it holds the bridge",
            sentence_lang="en",
            observation_ids=named,
            posts=2,
            accounts=2,
            state=state,
        )
    undo(keeping, intake)
    assert list(Suggestion.objects.values_list("group_key", flat=True)) == ["c"]


def test_what_another_import_brought_too_is_told_and_stays(keeping: Keeping) -> None:
    first = bring(keeping, "a", crowdtangle_file(keeping.folder / "a.csv", 0, 8))
    bring(keeping, "b", crowdtangle_file(keeping.folder / "b.csv", 5, 12))
    found = plan(keeping, first)
    assert (found.observations, found.shared) == (5, 3)
    report = undo(keeping, first)
    assert (report.observations, report.shared) == (5, 3)
    assert len(keeping.rows("posts", "obs_id")) == 7
    assert sum(row.held for row in keeping.house.archive.intakes()) == 7
    assert keeping.damages() == []


def test_also_when_the_key_was_changed_meanwhile(keeping: Keeping) -> None:
    """Records of private accounts have other ids then; what was noted of them still holds."""
    from dalil.actions.rotating import rotate
    from dalil.people.actor import LOCAL

    first = bring(keeping, "a", keeping_house.x_posts(keeping.folder / "a.jsonl", 1, 8))
    bring(keeping, "b", keeping_house.x_posts(keeping.folder / "b.jsonl", 4, 12))
    rotate(LOCAL, house=keeping.house)
    assert (plan(keeping, first).observations, plan(keeping, first).shared) == (3, 4)
    undo(keeping, first)
    assert keeping.house.archive.table("posts").count().execute() == 8
    assert keeping.damages() == []


def test_a_claim_by_an_id_from_before_the_key_was_changed_keeps_it(keeping: Keeping) -> None:
    from dalil.actions.rotating import rotate
    from dalil.people.actor import LOCAL

    intake = bring(keeping, "a", keeping_house.x_posts(keeping.folder / "a.jsonl", 1, 4))
    earlier = min(keeping.ids())
    log_with(keeping, earlier)
    rotate(LOCAL, house=keeping.house)
    assert earlier not in keeping.ids()
    assert plan(keeping, intake).obstacle == "undo-referred"


def test_only_the_circle_that_brought_it_may_and_nobody_on_probation(keeping: Keeping) -> None:
    from dalil.actions.importing import import_path
    from dalil.actions.undoing import enqueue_undo, may_undo, plan

    blue = keeping.member("blue", "spotter")
    path = crowdtangle_file(keeping.folder / "pages.csv", 0, 6)
    (intake,) = import_path(blue, path, house=keeping.house).intakes
    row = keeping.house.archive.intake(intake)
    for other in (keeping.member("green"), keeping.member("blue", "checker", "probation")):
        assert not may_undo(other, row)
        for act in (plan, enqueue_undo):
            with pytest.raises(NotAllowed):
                act(other, intake, house=keeping.house)
        with pytest.raises(NotAllowed):
            undo(keeping, intake, actor=other)
    assert may_undo(blue, row)
    undo(keeping, intake, actor=blue)
    after = keeping.house.archive.intake(intake)
    assert not may_undo(blue, after)
    assert after.undone_by == blue.circle_id
    with pytest.raises(NotAllowed):
        plan(blue, "no-such", house=keeping.house)


def test_audit_tells_ids_and_counts_once(keeping: Keeping) -> None:
    from dalil.audit import queries

    intake = bring(keeping, "ct", crowdtangle_file(keeping.folder / "pages.csv", 0, 6))
    undo(keeping, intake)
    ((_, facts),) = events("archive.undone")
    told = json.loads(facts)
    assert told.keys() == {"head", "intake", "circle", "observations"}
    assert (told["intake"], told["observations"]) == (intake, 6)
    assert told["head"] == keeping.house.archive.manifest_head() == queries.last_archive_head()
    again = undo(keeping, intake)
    assert (again.before, again.observations, again.undone) == (True, 0, "2026-05-17")
    assert len(events("archive.undone")) == 1
    assert queries.verify() == []


def test_the_job_goes_on_after_its_worker_died(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    from dalil.actions import undoing
    from dalil.actions.steps import steps
    from dalil.jobs import queries, worker

    class Died(BaseException):
        pass

    intake = bring(keeping, "ct", crowdtangle_file(keeping.folder / "pages.csv", 0, 6))
    actor = keeping.member(keeping_colour(keeping, intake), "spotter")
    job_id = undoing.enqueue_undo(actor, intake, house=keeping.house)
    assert undoing.enqueue_undo(actor, intake, house=keeping.house) == job_id, "a second click is the same job"

    def dies(*_: Any) -> None:
        raise Died

    def work() -> None:
        worker.run(steps(keeping.house), keeping.clock, once=True)

    with monkeypatch.context() as patch:
        patch.setattr(undoing, "_settle", dies)  # right after the archive's step
        with pytest.raises(Died):
            work()
    assert keeping.ids() == set()
    assert events("archive.undone") == []
    keeping.clock.at += timedelta(minutes=5)
    work()
    row = queries.job(job_id)
    assert row is not None
    assert (row.state.value, row.report) == ("done", {"intake": intake})
    assert len(events("archive.undone")) == 1
    assert len(events("intake.undo_asked")) == 2
    assert keeping.damages() == []
    with pytest.raises(Conflict) as raised:
        undoing.enqueue_undo(actor, intake, house=keeping.house)
    assert raised.value.code == "intake-undone"


def keeping_colour(keeping: Keeping, intake: str) -> str:
    from dalil.people import queries

    row = keeping.house.archive.intake(intake)
    return next(one.colour for one in queries.circles() if one.circle_id == row.collected_by)


def test_one_that_is_under_way_is_cancelled_first(keeping: Keeping) -> None:
    from dalil.actions.import_progress import ImportProgress, ImportRow, RowState
    from dalil.jobs import queue
    from dalil.jobs.models import Job

    intake = bring(keeping, "ct", crowdtangle_file(keeping.folder / "pages.csv", 0, 6))
    job_id = queue.enqueue("import", {"paths": []}, keeping.house.now())

    told = ImportProgress(rows=(ImportRow(number=1, state=RowState.RUNNING, intake=intake),))
    Job.objects.filter(job_id=job_id).update(report=msgspec.to_builtins(told))
    assert plan(keeping, intake).obstacle == "intake-running"
    queue.cancel(job_id, keeping.house.now())
    assert plan(keeping, intake).obstacle == ""


def test_in_steps_and_told_to_stop(keeping: Keeping) -> None:
    intake = bring(keeping, "ct", crowdtangle_file(keeping.folder / "pages.csv", 0, 60))
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 20

    report = undo(keeping, intake, progress=progress, at_once=20)
    assert (report.cancelled, report.observations + report.along, report.undone) == (True, 20, "2026-05-17")
    assert seen == [(0, 61), (20, 61)], "sixty posts and their page"
    assert keeping.house.archive.intake(intake).state == "undoing"
    assert events("archive.undone") == []
    assert keeping.damages() == []
    log_with(keeping, min(keeping.ids()))
    with pytest.raises(Conflict):
        undo(keeping, intake)
    assert len(keeping.ids()) == 41


def test_options_are_held_against_the_manifests_and_told(keeping: Keeping) -> None:
    from dalil.actions.importing import enqueue_import, import_path
    from dalil.people.actor import LOCAL

    path = crowdtangle_file(keeping.folder / "pages.csv", 0, 6)
    for options, code in (
        ({"zoen": "Asia/Baghdad"}, "option-unknown"),
        ({"zone": "Nowhere"}, "value-wrong"),
        ({"public": "perhaps"}, "value-wrong"),
        ({"platform": "no such/place"}, "value-wrong"),
    ):
        for act in (
            lambda o: import_path(LOCAL, path, house=keeping.house, options=o),
            lambda o: enqueue_import(LOCAL, [path], house=keeping.house, options=o),
        ):
            with pytest.raises(InputError) as raised:
                act(options)
            assert raised.value.code == code
    given = {"zone": "Asia/Baghdad", "page": "dalya.today", "platform": " "}
    (intake,) = import_path(LOCAL, path, house=keeping.house, options=given).intakes
    assert keeping.house.archive.intake(intake).options == {"zone": "Asia/Baghdad"}, "what its format heeds"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace with two imports that share some posts, and the id of the first."""
    folder = tmp_path_factory.mktemp("undo") / "workspace"
    asked("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase=PASSPHRASE)
    told = []
    for name, first, last in (("a", 0, 30), ("b", 20, 40)):
        path = x_file(folder.parent / f"{name}.jsonl", first, last)
        told.append(asked("import", path, "--workspace", folder, passphrase=PASSPHRASE))
    return folder, told[0]["files"][0]["intake"]


@pytest.mark.slow
def test_the_command(workspace: tuple[Path, str], tmp_path: Path) -> None:
    import shutil

    folder, intake = Path(shutil.copytree(workspace[0], tmp_path / "w")), workspace[1]
    place = ("--workspace", folder)
    listed = asked("undo", *place)["intakes"]
    assert [row["state"] for row in listed] == ["complete", "complete"]
    assert intake in {row["intake"] for row in listed}
    planned = asked("undo", intake, "--dry-run", *place)
    assert (planned["observations"], planned["shared"], planned["obstacle"]) == (20, 10, "")
    assert "20 items would go" in dalil("undo", intake, "--dry-run", *place).out
    done = asked("undo", intake, *place)
    assert (done["observations"], done["shared"], done["before"]) == (20, 10, False)
    assert asked("undo", intake, *place)["before"] is True
    assert dalil("undo", "no-such", *place, "--json", expect=2).object["error"]["code"] == "no-such-thing"
    assert dalil("undo", intake, "--dry-run", *place, "--json", expect=2).object["error"]["code"] == "intake-undone"
    examined = asked("doctor", *place)
    assert (examined["damaged"], examined["left_over"]) == ([], [])
    assert asked("audit", "verify", *place)["damaged"] == []
    assert asked("search", "bridge", *place)["total"] == 20
    again = asked("import", workspace[0].parent / "a.jsonl", *place, passphrase=PASSPHRASE)["files"][0]
    assert (again["kept"], again["known"]) == (20, 10)


@pytest.mark.slow
def test_a_backup_of_it_is_whole_and_brings_nothing_back(workspace: tuple[Path, str], tmp_path: Path) -> None:
    import shutil

    folder, intake = Path(shutil.copytree(workspace[0], tmp_path / "w")), workspace[1]
    words = ("--plain-volume", PLAIN_VOLUME_WORDS)
    target = tmp_path / "backup"
    asked("backup", target, "--workspace", folder, *words)
    asked("undo", intake, "--workspace", folder)
    asked("backup", target, "--workspace", folder, *words)
    asked("restore", target, "--workspace", tmp_path / "again", *words)
    listed = asked("undo", "--workspace", tmp_path / "again")["intakes"]
    assert [(row["state"], row["held"]) for row in listed] == [("complete", 20), ("undone", 0)]
    assert asked("doctor", "--workspace", tmp_path / "again")["damaged"] == []
    assert asked("doctor", "--from", target, "--workspace", folder)["damaged"] == []
    assert asked("search", "bridge", "--workspace", tmp_path / "again")["total"] == 20


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs fork")
def test_killed_anywhere_it_is_old_or_new_and_the_next_run_ends_it(workspace: tuple[Path, str], tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    driver = Path(__file__).with_name("mortal_undo.py")
    given = environment()
    given["PYTHONPATH"] += os.pathsep + str(Path(__file__).parents[2])
    arguments = [str(workspace[0]), str(tmp_path), workspace[1], str(seed), "10"]
    run = subprocess.run(
        [sys.executable, str(driver), *arguments], env=given, capture_output=True, text=True, timeout=600, check=False
    )
    assert run.returncode == 0, f"seed {seed}\n{run.stderr[-3000:]}"
    calm, *lives = json.loads(run.stdout)
    assert calm["lived"]
    old, new = calm["before"]["known"], calm["after"]["known"]
    assert old - new >= 20
    assert calm["after"] == {"known": new, "state": [["undone"], ["complete"]], "custody": 1, "audit": 1}
    for life in lives:
        assert life["between"]["known"] in (old, new), (seed, life)
        assert (life["between"]["state"][0] == ["undone"]) == (life["between"]["known"] == new), (seed, life)
        assert life["after"] == calm["after"], (seed, life)
        assert life["doctor"] == {"damaged": []}, (seed, life)
    assert sum(not life["lived"] for life in lives) >= 3, (seed, lives)
