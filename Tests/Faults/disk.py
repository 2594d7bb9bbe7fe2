"""Disks that are small, and disks that are slow."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path


def compiled(source, library):
    """A library of a C file in this folder, to be loaded before all others."""
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(Path(__file__).with_name(source)), "-ldl"],
        check=True, capture_output=True)
    return library


class SmallDisk:
    """A disk of so many megabytes in memory, mounted on a folder."""

    def __init__(self, folder, megabytes):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "hersys-faults", str(self.folder)],
            check=True, capture_output=True)

    @property
    def ballast(self):
        return self.folder / "ballast"

    def fill(self, leave=0):
        """Takes whatever is free, but for so many bytes."""
        with self.ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                try:
                    while self.free() > leave:
                        file.write(bytes(size))
                except OSError:
                    pass

    def free(self):
        figures = os.statvfs(self.folder)
        return figures.f_bavail * figures.f_frsize

    def relieve(self):
        self.ballast.unlink(missing_ok=True)

    def remove(self):
        # Lazily: what still has a file open there must not keep the mount for ever.
        subprocess.run(["umount", "-l", str(self.folder)], capture_output=True)


class SlowDisk:
    """A library that makes a process wait for its disk, while a file exists."""

    def __init__(self, folder, milliseconds=300):
        self.switch = Path(folder) / "slow"
        library = compiled("slow.c", Path(folder) / "slow.so")
        self.environment = {
            "LD_PRELOAD": str(library), "SLOW_SWITCH": str(self.switch), "SLOW_MILLISECONDS": str(milliseconds)}

    @contextmanager
    def slow(self):
        self.switch.touch()
        try:
            yield
        finally:
            self.switch.unlink()
