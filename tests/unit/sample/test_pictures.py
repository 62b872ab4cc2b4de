"""Pictures that a perceptual hash can work with: textured, far apart, and edited as told."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dalil.sample import edits
from dalil.sample.album import APART, Album
from dalil.sample.dice import grains
from dalil.sample.likeness import RECOGNISED, distance, hash_bits, nearest_turn, quality
from dalil.sample.scenes import SIZES, cover, scene
from dalil.sample.subjects import NAMES
from dalil.sample.truthfile import Truth
from dalil.sample.writing import SampleWeek
from dalil.schema.words import ClaimVerdict


@pytest.fixture(scope="module")
def album() -> Album:
    made = Album(5)
    for _ in range(12):
        made.new()
    return made


def test_scenes_are_good_to_hash_and_far_apart(album: Album) -> None:
    assert all(quality(picture) >= 80 for picture in album.pictures)
    for first, second in combinations(range(12), 2):
        assert nearest_turn(album.pictures[first], album.bits[second]) >= APART


def test_a_scene_depends_on_its_grains_alone() -> None:
    assert np.array_equal(scene(grains(1, "a")).picture, scene(grains(1, "a")).picture)
    assert not np.array_equal(scene(grains(1, "a")).picture[:400, :400], scene(grains(1, "b")).picture[:400, :400])


def test_all_subjects_are_drawn_sooner_or_later() -> None:
    drawn = {scene(grains(2, f"subject/{n}")).subject for n in range(60)}
    assert drawn == set(NAMES)


def test_pictures_have_sizes_of_photographs(album: Album) -> None:
    assert {(p.shape[1], p.shape[0]) for p in album.pictures} <= set(SIZES)
    assert all(480 <= side <= 960 for size in SIZES for side in size)


@pytest.mark.parametrize("edit", ["recompressed", "resized", "grey", "brighter", "mirror", "border"])
def test_light_edits_are_said_to_be_recognised(album: Album, edit: str) -> None:
    assert album.file("p003", edit).expect_pdq is True


@pytest.mark.parametrize("edit", ["crop", "caption", "mirror_crop", "screenshot"])
def test_heavy_edits_are_said_to_be_lost(album: Album, edit: str) -> None:
    assert album.file("p003", edit).expect_pdq is False


def test_a_logo_may_go_either_way(album: Album) -> None:
    assert album.file("p003", "logo").expect_pdq is None


def test_every_copy_is_another_file_and_all_are_jpeg(album: Album) -> None:
    made = [album.file("p004", edit) for edit in edits.EDITS for _ in range(2)]
    hashes = [held.sha256 for held in made if held.edit != "original"]
    assert len(set(hashes)) >= len(hashes) - 4  # a copy that only differs in its grade may come out twice
    for held in made:
        picture = Image.open(io.BytesIO(held.data))
        assert (picture.format, picture.size) == ("JPEG", (held.width, held.height))
        assert "exif" not in picture.info


def test_a_bulletin_carries_its_banner(album: Album) -> None:
    held = album.file("p005", "original", brand="SAHLARA LIVE")
    bottom = edits.decode_jpeg(held.data)[-20:, :50]
    assert held.edit == "bulletin"
    assert bottom[..., 0].mean() > 120 > bottom[..., 1].mean()


def test_an_altered_picture_is_a_little_different(album: Album) -> None:
    changed = edits.altered(grains(3, "altered"), album.pictures[2])
    share = np.mean(np.any(changed != album.pictures[2], axis=2))
    assert 0.02 < share < 0.2


def test_screenshots_of_text_are_not_taken_for_each_other(album: Album) -> None:
    shots = [album.shown_on_phone(None, f"t{n}") for n in range(6)]
    bits = [hash_bits(edits.decode_jpeg(shot.data)) for shot in shots]
    assert min(distance(a, b) for a, b in combinations(bits, 2)) > 31
    assert all(shot.picture == "" and shot.expect_pdq is None for shot in shots)


def test_likeness_is_a_distance() -> None:
    first, second = cover(grains(1, "first")), cover(grains(1, "second"))
    assert distance(hash_bits(first), hash_bits(first)) == 0
    assert distance(hash_bits(first), hash_bits(second)) > RECOGNISED
    assert nearest_turn(np.ascontiguousarray(first[:, ::-1]), hash_bits(first)) == 0
    assert hash_bits(first).sum() in range(120, 137)
    assert quality(np.full((200, 300, 3), 128, np.uint8)) == 0


def test_the_sample_holds_hundreds_of_files_and_says_what_each_is(sample_week: SampleWeek, truth: Truth) -> None:
    assert 240 <= len(truth.files) <= 400
    assert {f.edit for f in truth.files} >= set(edits.COPIES) | {"original", "altered", "screenshot_of_text"}
    assert sum(f.expect_pdq is True for f in truth.files) > 100
    assert len({f.sha256 for f in truth.files}) == len(truth.files)


def test_the_example_is_a_copy_of_a_picture_that_was_shown_before(sample_week: SampleWeek, truth: Truth) -> None:
    """Of a claim that was settled false and answered, so that looking it up shows the whole answer."""
    example = edits.decode_jpeg(sample_week.example.read_bytes())
    shown = [
        claim
        for claim in truth.claims
        if claim.earlier is not None
        and (
            held := next(
                sample_week.folder.glob(
                    f"captures/*/chats/*/photos/photo_{claim.earlier.native_id.split('/')[1]}@*.jpg"
                ),
                None,
            )
        )
        and nearest_turn(example, hash_bits(edits.decode_jpeg(held.read_bytes()))) <= 31
    ]
    assert [claim.settled for claim in shown] == [ClaimVerdict.FALSE]
    assert any(cell.answered_at for cell in shown[0].cells)
    assert sample_week.example == Path(sample_week.folder / "look" / "photo-said-to-be-today.jpg")
