"""A disk that is full from the n-th operation on, for tests that try every one of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dalil.archive import disk, mappings, rewriting, writing


class FailingDisk:
    """Counts syncs, renames and new files; from the n-th on, each fails as on a full disk."""

    def __init__(self, allowed: int | None) -> None:
        self.allowed = allowed
        self.count = 0

    def step(self) -> None:
        self.count += 1
        if self.allowed is not None and self.count > self.allowed:
            raise OSError(errno.ENOSPC, "No space left on device")

    @contextmanager
    def installed(self) -> Iterator[FailingDisk]:
        with pytest.MonkeyPatch.context() as patch:
            sync, rename, write, mkdir = os.fsync, Path.replace, disk.write_synced, Path.mkdir

            def failing_sync(handle: int) -> None:
                self.step()
                sync(handle)

            def failing_rename(path: Path, target: Path) -> Path:
                self.step()
                return rename(path, target)

            def failing_write(path: Path, data: bytes) -> None:
                with disk.disk_errors():
                    self.step()
                write(path, data)

            def failing_mkdir(path: Path, *args: object, **options: object) -> None:
                self.step()
                mkdir(path, *args, **options)

            patch.setattr(os, "fsync", failing_sync)
            patch.setattr(Path, "replace", failing_rename)
            patch.setattr(Path, "mkdir", failing_mkdir)
            for module in (writing, rewriting, mappings):
                patch.setattr(module, "write_synced", failing_write)
            yield self
