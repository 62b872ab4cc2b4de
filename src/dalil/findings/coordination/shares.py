"""The shares of one run as sorted arrays: codes instead of names, times, and how precise they are.

A table of shares has the columns object_id, account_id, content_id, timestamp_share (epoch seconds)
and may have `precision` (`s`, `min`, `day`). Everything else in this package works on `Shares`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dalil.errors import InputError
from dalil.schema.words import Precision

Ints = npt.NDArray[np.int64]

COLUMNS: Final = ("object_id", "account_id", "content_id", "timestamp_share")
MINUTE_SLACK: Final = 59
"""Seconds by which two truncated minutes may lie further apart than the true times."""
LATEST: Final = 10**11
"""Epoch seconds of the year 5138: a larger value is in milliseconds or is not a time."""
GUESS_FROM: Final = 20
"""Fewer shares than this say nothing about the precision of their times."""


@dataclass(frozen=True, slots=True)
class Shares:
    """n shares sorted by (object, time); codes are ranks of the names in code-point order.

    `contents` codes (account, content) pairs: a content belongs to the account that posted it.
    `slack` is the seconds by which a share's time may be off (0, or `MINUTE_SLACK`). `own` marks
    shares whose content is the object itself.
    """

    objects: Ints
    accounts: Ints
    contents: Ints
    times: Ints
    slack: Ints
    own: npt.NDArray[np.bool_]
    object_names: pa.Array
    account_names: pa.Array
    left_out: int = 0
    minute_only: int = 0

    def __len__(self) -> int:
        return len(self.times)

    def where(self, keep: npt.NDArray[np.bool_]) -> Shares:
        """The shares at which `keep` is true, in the same order and with the same codes."""
        return dataclasses.replace(
            self,
            objects=self.objects[keep],
            accounts=self.accounts[keep],
            contents=self.contents[keep],
            times=self.times[keep],
            slack=self.slack[keep],
            own=self.own[keep],
        )

    def of_active_accounts(self, at_least: int) -> Shares:
        """The shares of accounts that have at least so many."""
        if at_least <= 1:
            return self
        return self.where(self.activity()[self.accounts] >= at_least)

    def exact(self) -> Shares:
        """The same, every time taken as exact to the second, as the reference tools do."""
        return dataclasses.replace(self, slack=np.zeros_like(self.slack))

    def activity(self) -> Ints:
        """Shares of each account code."""
        return np.bincount(self.accounts, minlength=len(self.account_names))


def window_seconds(window: timedelta) -> int:
    """The window in whole seconds.

    Raises:
        ValueError: it is negative, or not whole seconds.
    """
    seconds = int(window.total_seconds())
    if seconds < 0 or timedelta(seconds=seconds) != window:
        raise ValueError("the window must be whole seconds, zero or more")
    return seconds


def check_columns(table: ir.Table | pa.Table) -> None:
    """Refuse a table that is not one of shares.

    Raises:
        InputError: a column is missing, or `timestamp_share` is not a number.
    """
    schema: pa.Schema = table.schema if isinstance(table, pa.Table) else table.schema().to_pyarrow()
    for name in COLUMNS:
        if name not in schema.names:
            raise InputError("shares-column-missing", name=name)
    kind = schema.field("timestamp_share").type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise InputError("shares-time-wrong", kind=str(kind))


def from_text(rows: pa.Table) -> pa.Table:
    """Shares whose columns are all text, as in a CSV, with `timestamp_share` as a number.

    Raises:
        InputError: that column is missing, or a cell of it is neither empty nor a number.
    """
    if "timestamp_share" not in rows.column_names:
        raise InputError("shares-column-missing", name="timestamp_share")
    column = pc.utf8_trim_whitespace(rows["timestamp_share"])
    for kind in (pa.int64(), pa.float64()):
        try:
            return rows.set_column(rows.column_names.index("timestamp_share"), "timestamp_share", pc.cast(column, kind))
        except pa.ArrowInvalid:
            continue
    raise InputError("shares-time-wrong", kind="text")


def load(table: ir.Table | pa.Table) -> Shares:
    """Fetch a table of shares into sorted arrays.

    A row with an empty cell, or whose time is known to the day only, cannot be placed: it is left
    out and counted.

    Raises:
        InputError: a column is missing, or the times are not epoch seconds.
    """
    check_columns(table)
    names = table.column_names if isinstance(table, pa.Table) else table.columns
    wanted = [*COLUMNS, "precision"] if "precision" in names else list(COLUMNS)
    return from_arrow(table.select(wanted) if isinstance(table, pa.Table) else table.select(*wanted).to_pyarrow())


def from_arrow(rows: pa.Table) -> Shares:
    """The same as `load`, from an Arrow table with the columns of shares."""
    before = len(rows)
    if any(rows[name].null_count for name in rows.column_names):
        rows = rows.drop_null()
    if "precision" in rows.column_names:
        rows = rows.filter(pc.not_equal(rows["precision"], Precision.DAY.value))
    times = _times(rows["timestamp_share"])
    objects, object_names = _ranks(rows["object_id"])
    accounts, account_names = _ranks(rows["account_id"])
    contents, _ = _ranks(rows["content_id"])
    contents = _of_one_account(contents, accounts)
    slack = _slack(times, rows)
    own = pc.equal(pc.cast(rows["object_id"], pa.string()), pc.cast(rows["content_id"], pa.string())).to_numpy()
    order = np.lexsort((accounts, times, objects))
    return Shares(
        objects[order],
        accounts[order],
        contents[order],
        times[order],
        slack[order],
        own[order],
        object_names,
        account_names,
        left_out=before - len(rows),
        minute_only=int(np.count_nonzero(slack)),
    )


def _ranks(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Codes of a column's values, and the values, so that codes compare as the values do."""
    encoded = pc.cast(column.combine_chunks(), pa.string()).dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):  # older PyArrow keeps one chunk as a chunked array
        encoded = encoded.combine_chunks()
    order = pc.array_sort_indices(encoded.dictionary)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order.to_numpy(zero_copy_only=False)] = np.arange(len(order))
    codes: Any = encoded.indices.to_numpy(zero_copy_only=False)
    return ranks[codes], encoded.dictionary.take(order)


def _of_one_account(contents: Ints, accounts: Ints) -> Ints:
    """Codes of (account, content) pairs; the contents' own where each belongs to one account already."""
    owner = np.zeros(int(contents.max(initial=-1)) + 1, dtype=np.int64)
    owner[contents] = accounts
    if np.array_equal(owner[contents], accounts):
        return contents
    pairs = contents * (int(accounts.max()) + 1) + accounts
    codes: Ints = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    return codes


def _times(column: pa.ChunkedArray) -> Ints:
    times: npt.NDArray[np.float64] = column.to_numpy()
    if len(times) and np.abs(times).max() > LATEST:
        raise InputError("shares-time-wrong", kind="milliseconds")
    return np.floor(times).astype(np.int64)


def _slack(times: Ints, rows: pa.Table) -> Ints:
    """Seconds by which each time may be off: by its precision, or where whole minutes give it away."""
    if "precision" in rows.column_names:
        minute: npt.NDArray[np.bool_] = pc.equal(rows["precision"], Precision.MINUTE.value).to_numpy()
    else:
        whole = times % 60 == 0
        guessed = len(times) >= GUESS_FROM and 2 * int(whole.sum()) >= len(times)
        minute = whole if guessed else np.zeros(len(times), dtype=bool)
    return np.where(minute, MINUTE_SLACK, 0).astype(np.int64)
