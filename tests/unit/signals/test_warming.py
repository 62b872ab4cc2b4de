"""Loading ahead: told step by step, and nothing is left for the first item."""

from __future__ import annotations

from dalil.signals import characters, folding, language_columns, language_model, warming


def test_each_step_is_told_before_it_and_the_end_once() -> None:
    told: list[tuple[str, int, int]] = []
    warming.warm_up(lambda *step: told.append(step))
    assert told == [("text-keys", 0, 4), ("minhash", 1, 4), ("pdq", 2, 4), ("language", 3, 4), ("done", 4, 4)]


def test_afterwards_every_table_and_model_is_in_memory() -> None:
    warming.warm_up()
    tables = (
        folding.norm_folding,
        folding.kurdish_folding,
        folding.visible,
        characters.tables,
        language_columns._tables,
        language_model._loaded,
    )
    before = [loaded.cache_info().misses for loaded in tables]
    assert [loaded.cache_info().currsize for loaded in tables] == [1] * len(tables)
    warming.warm_up()
    assert [loaded.cache_info().misses for loaded in tables] == before
