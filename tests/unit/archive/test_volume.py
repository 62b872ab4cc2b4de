"""Whether a volume is encrypted, on made-up trees of proc and sys."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalil.archive.volume import is_encrypted

HOME = Path("/home/oak/house")


class Tree:
    """A made-up root: devices with what they are made of, and mounts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mounts: list[str] = ["22 27 0:21 / /proc rw,relatime - proc proc rw"]
        (root / "proc/self").mkdir(parents=True)
        (root / "sys/dev/block").mkdir(parents=True)
        (root / "sys/class/block").mkdir(parents=True)

    def disk(self, name: str, number: str) -> Path:
        return self._device(self.root / "sys/devices/pci0" / name, name, number)

    def partition(self, disk: str, name: str, number: str) -> Path:
        folder = self._device(self.root / "sys/devices/pci0" / disk / name, name, number)
        (folder / "partition").write_text("1\n")
        return folder

    def mapping(self, name: str, number: str, uuid: str, *under: Path) -> Path:
        folder = self._device(self.root / "sys/devices/virtual/block" / name, name, number)
        (folder / "dm").mkdir()
        (folder / "dm/uuid").write_text(uuid + "\n")
        (folder / "slaves").mkdir()
        for item in under:
            (folder / "slaves" / item.name).symlink_to(item)
        return folder

    def mount(self, number: str, point: str, kind: str, source: str) -> None:
        self.mounts.append(f"27 1 {number} / {point} rw,relatime shared:1 - {kind} {source} rw")
        (self.root / "proc/self/mountinfo").write_text("\n".join(self.mounts) + "\n")

    def ask(self, path: Path = HOME) -> bool | None:
        return is_encrypted(path, root=self.root)

    def _device(self, folder: Path, name: str, number: str) -> Path:
        folder.mkdir(parents=True)
        (self.root / "sys/dev/block" / number).symlink_to(folder)
        (self.root / "sys/class/block" / name).symlink_to(folder)
        return folder


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "root")


def test_a_plain_partition_is_not_encrypted(tree):
    tree.disk("sda", "8:0")
    tree.partition("sda", "sda1", "8:1")
    tree.mount("8:1", "/", "ext4", "/dev/sda1")
    assert tree.ask() is False


def test_luks_on_a_partition_is(tree):
    tree.disk("sda", "8:0")
    part = tree.partition("sda", "sda2", "8:2")
    tree.mapping("dm-0", "253:0", "CRYPT-LUKS2-0123-luks", part)
    tree.mount("253:0", "/", "ext4", "/dev/mapper/luks")
    assert tree.ask() is True


def test_the_innermost_mount_decides(tree):
    tree.disk("sda", "8:0")
    part = tree.partition("sda", "sda2", "8:2")
    tree.mapping("dm-0", "253:0", "CRYPT-LUKS2-0123-home", part)
    tree.mount("8:2", "/", "ext4", "/dev/sda2")
    tree.mount("253:0", "/home", "xfs", "/dev/mapper/home")
    assert tree.ask() is True
    assert tree.ask(Path("/srv")) is False
    assert tree.ask(Path("/homestead")) is False, "a name that only begins alike is another folder"


def test_a_later_mount_covers_an_earlier_one(tree):
    tree.disk("sda", "8:0")
    part = tree.partition("sda", "sda2", "8:2")
    tree.mapping("dm-0", "253:0", "CRYPT-PLAIN-x", part)
    tree.mount("8:2", "/home", "ext4", "/dev/sda2")
    tree.mount("253:0", "/home", "ext4", "/dev/mapper/x")
    assert tree.ask() is True


def test_lvm_on_luks_is_encrypted_and_luks_on_lvm_too(tree):
    tree.disk("nvme0n1", "259:0")
    part = tree.partition("nvme0n1", "nvme0n1p3", "259:3")
    crypt = tree.mapping("dm-0", "253:0", "CRYPT-LUKS2-0123-pv", part)
    tree.mapping("dm-1", "253:1", "LVM-abcdef", crypt)
    tree.mount("253:1", "/", "ext4", "/dev/mapper/vg-root")
    assert tree.ask() is True
    lvm = tree.mapping("dm-2", "253:2", "LVM-ghijkl", part)
    tree.mapping("dm-3", "253:3", "CRYPT-LUKS1-4567-home", lvm)
    tree.mount("253:3", "/home", "ext4", "/dev/mapper/home")
    assert tree.ask() is True


def test_a_volume_over_an_encrypted_and_a_plain_disk_is_not(tree):
    first, second = tree.disk("sda", "8:0"), tree.disk("sdb", "8:16")
    crypt = tree.mapping("dm-0", "253:0", "CRYPT-LUKS2-0123-a", first)
    tree.mapping("dm-1", "253:1", "LVM-abcdef", crypt, second)
    tree.mount("253:1", "/", "ext4", "/dev/mapper/vg-root")
    assert tree.ask() is False


def test_a_partition_inside_a_mapping(tree):
    crypt = tree.mapping("dm-0", "253:0", "CRYPT-LUKS2-0123-disk", tree.disk("sda", "8:0"))
    tree.mapping("dm-1", "253:1", "part1-CRYPT-LUKS2-0123-disk", crypt)
    tree.mount("253:1", "/", "ext4", "/dev/mapper/disk1")
    assert tree.ask() is True


@pytest.mark.parametrize("uuid", ["CRYPT-VERITY-0123-root", "CRYPT-INTEGRITY-0123-root"])
def test_verity_and_integrity_encrypt_nothing(tree, uuid):
    tree.mapping("dm-0", "253:0", uuid, tree.disk("sda", "8:0"))
    tree.mount("253:0", "/", "ext4", "/dev/mapper/root")
    assert tree.ask() is False


def test_btrfs_is_found_by_its_sources_name(tree):
    tree.mapping("dm-0", "253:0", "CRYPT-LUKS2-0123-luks", tree.disk("sda", "8:0"))
    (tree.root / "dev/mapper").mkdir(parents=True)
    (tree.root / "dev/dm-0").write_text("")
    (tree.root / "dev/mapper/luks").symlink_to("../dm-0")
    tree.mount("0:33", "/", "btrfs", "/dev/mapper/luks")
    assert tree.ask() is True


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("zfs", "pool/home"),
        ("overlay", "overlay"),
        ("nfs4", "nas:/home"),
        ("ecryptfs", "/home/.ecryptfs/oak"),
        ("fuse.gocryptfs", "/srv/cipher"),
        ("tmpfs", "tmpfs"),
        ("btrfs", "/dev/gone"),
    ],
)
def test_what_cannot_be_seen_is_unknown(tree, kind, source):
    tree.mount("0:40", "/", kind, source)
    assert tree.ask() is None


def test_fscrypt_and_loop_devices_are_unknown(tree):
    tree.disk("sda", "8:0")
    tree.mount("8:0", "/", "ext4", "/dev/sda")
    assert tree.ask() is False
    (tree.root / ".fscrypt").mkdir()
    assert tree.ask() is None
    (tree.disk("loop0", "7:0") / "loop").mkdir()
    tree.mount("7:0", "/home", "ext4", "/dev/loop0")
    assert tree.ask() is None


def test_devices_that_hold_each_other_end(tree):
    folder = tree.mapping("dm-0", "253:0", "LVM-x")
    (folder / "slaves/dm-0").symlink_to(folder)
    tree.mount("253:0", "/", "ext4", "/dev/mapper/x")
    assert tree.ask() is None


def test_names_with_blanks_and_lines_that_are_no_mounts(tree):
    tree.disk("sda", "8:0")
    tree.mounts += ["", "nonsense", "1 2 3 - x"]
    tree.mount("8:0", r"/media/my\040disk", "vfat", "/dev/sda")
    assert tree.ask(Path("/media/my disk/house")) is False
    assert tree.ask(Path("/elsewhere")) is None


def test_other_systems_tell_nothing(tmp_path):
    assert is_encrypted(Path("/anywhere"), root=tmp_path) is None
