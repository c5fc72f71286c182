"""What pages load is what its sources say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import services.portal.web as web

WEB = Path(str(web.__file__)).parent
ASSETS, STATIC = WEB / "assets", WEB / "static"


def test_what_is_committed_is_what_is_built(tmp_path: Path) -> None:
    """`npm run build` gives the committed files, byte for byte."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("needs node and npm")
    if not (ASSETS / "node_modules").is_dir():
        _run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    _run("node", "build.mjs", str(tmp_path))
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    assert built.keys() == committed.keys()
    assert [name for name in built if built[name] != committed[name]] == [], "run `npm run build` in assets"


def test_no_committed_file_tells_where_packages_come_from() -> None:
    """The lock file has versions and digests, and no addresses."""
    lock = (ASSETS / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert "http" not in lock
    assert "omit-lockfile-registry-resolved=true" in (ASSETS / ".npmrc").read_text(encoding="utf-8")


def test_nothing_of_gov_uks_own_branding_is_there() -> None:
    """No crown, no GDS Transport: they are for services on GOV.UK alone."""
    css = (STATIC / "portal.css").read_text(encoding="utf-8")
    assert "GDS Transport" not in css
    assert "crown" not in css
    assert not re.search(r"url\(|@import", css), (
        "everything that a page loads is counted and kept by its content"
    )
    assert "@font-face" not in css


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ASSETS, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr[-2_000:]
