"""Uses every secret that a running system has, as people and other systems do, so that each had its chance to be written down."""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Final

import httpx2

from deploy.local.settings import SERVICES, settings_of
from tests.chaos.addresses import Addresses
from tests.path.running import ROOT, Up

STAFF: Final = "talent@loti.example.org"


def addresses_of(up: Up) -> Addresses:
    """Where everything of a `loti up` is."""
    superuser = f"postgres:{_superuser(up.data)}@127.0.0.1:{up.port('postgres/port')}"
    return Addresses(
        kafka=f"127.0.0.1:{up.port('kafka/port')}",
        databases={name: f"postgresql://{superuser}/loti_{name}" for name in SERVICES},
        boards=up.boards_url,
        mails=f"http://127.0.0.1:{up.port('mail-port')}",
        portal=f"http://127.0.0.1:{up.port('portal-pages-port')}",
        health={name: f"http://127.0.0.1:{up.port(f'{name}-port')}/health" for name in SERVICES},
        folder=up.data.parent,
    )


async def used(up: Up) -> dict[str, str]:
    """Sign in by a mailed link and look around; push and pull with webhooks; try each door with what does not open it. What was
    shown meanwhile, by a name."""
    addresses = addresses_of(up)
    shown = await _signed_in(addresses)
    shown |= await _webhooks(up)
    return shown


async def _signed_in(addresses: Addresses) -> dict[str, str]:
    async with httpx2.AsyncClient(base_url=addresses.portal, timeout=30, follow_redirects=True) as browser:
        form = await browser.get("/sign-in")
        asked = await browser.post("/sign-in", data={"csrf": _csrf(form.text), "email": STAFF})
        assert asked.status_code == 200, asked.text
        link = await _link(addresses)
        page = await browser.get(link)
        inside = await browser.post(link, data={"csrf": _csrf(page.text)})
        assert inside.status_code == 200
        assert "Sign out" in inside.text, "the link signs nobody in"
        for path in ("/me", "/system", "/audit", "/help/requests", "/nowhere", f"/sign-in/{'x' * 43}"):
            await browser.get(path)
        cookies = {f"the cookie {name}": value for name, value in browser.cookies.items()}
        assert any("session" in name for name in cookies)
        used_up = link.rpartition("/")[2]
        assert "Sign out" not in (await httpx2.AsyncClient(base_url=addresses.portal).get(link)).text
        return cookies | {"the sign-in link": used_up}


async def _link(addresses: Addresses) -> str:
    async with asyncio.timeout(60), httpx2.AsyncClient(timeout=10) as client:
        while True:
            mails = (await client.get(f"{addresses.mails}/mails.json")).json()
            for mail in mails:
                if found := re.search(r"/sign-in/[\w.-]{20,}", mail["text"]):
                    return found[0]
            await asyncio.sleep(0.2)


async def _webhooks(up: Up) -> dict[str, str]:
    """An endpoint that takes nothing, pushed to and its secret changed; a reader who reads, and a stranger who may not."""
    settings = settings_of("webhooks", up.data)
    url = f"http://127.0.0.1:{settings['LOTI_EVENTS_PORT']}/events"
    added = await _loti(settings, "webhooks", "add", "searched", url, "--current")
    rotated = await _loti(settings, "webhooks", "rotate", "searched")
    reader = await _loti(settings, "webhooks", "reader", "add", "searched")
    shown = {"the webhook's secret": _only(r"whsec_\S+", added), "its second": _only(r"whsec_\S+", rotated)}
    shown["the reader's token"] = token = _only(r"lr_\S{43}", reader)
    async with httpx2.AsyncClient(timeout=30) as client:
        assert (await client.get(url, headers={"authorization": f"Bearer {token}"})).status_code == 200
        assert (await client.get(url, headers={"authorization": "Bearer lr_" + "x" * 43})).status_code == 401
    async with asyncio.timeout(60):
        while not await up.rows("webhooks", "SELECT FROM attempts"):
            await asyncio.sleep(0.2)
    await _loti(settings, "webhooks", "disable", "searched")
    return shown


async def _loti(settings: dict[str, str], *words: str) -> str:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli", *words, cwd=ROOT, env={"PATH": "/usr/bin:/bin"} | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, wrong = await child.communicate()
    assert child.returncode == 0, wrong.decode()
    return said.decode()


def _superuser(data: Path) -> str:
    passwords: dict[str, str] = json.loads((data / "postgres" / "passwords.json").read_text())
    return passwords["postgres"]


def _csrf(page: str) -> str:
    return _only(r'name="csrf" value="([^"]+)"', page)


def _only(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in {text[:500]}"
    return found[found.re.groups]
