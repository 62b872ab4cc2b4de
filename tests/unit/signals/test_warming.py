"""Loading ahead: told step by step, and nothing is left for the first item."""

from __future__ import annotations

from dalil.signals import folding, language, warming


def test_each_step_is_told_before_it_and_the_end_once() -> None:
    told: list[tuple[str, int, int]] = []
    warming.warm_up(lambda *step: told.append(step))
    assert told == [("text-keys", 0, 4), ("minhash", 1, 4), ("pdq", 2, 4), ("language", 3, 4), ("done", 4, 4)]


def test_afterwards_every_table_and_model_is_in_memory() -> None:
    warming.warm_up()
    for loaded in (folding.norm_folding, folding.kurdish_folding, folding.visible, language._loaded):
        assert loaded.cache_info().currsize == 1
    before = language._loaded.cache_info().misses
    warming.warm_up()
    assert language._loaded.cache_info().misses == before
