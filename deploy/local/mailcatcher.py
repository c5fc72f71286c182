"""A mail catcher: takes every mail that is sent to it, delivers none, and shows them on a page.

    python -m deploy.local.mailcatcher --smtp-port 1025 --http-port 8025 --data DIR

Each acceptance is one file in DIR, `<hash of the Message-ID>.<n>.eml`, durable before the sender is told 250. So a
restart shows what was shown before, and a mail that was sent twice is seen to be: `n` counts up.
Mails are untrusted: their HTML is shown in a sandboxed frame that runs nothing and loads nothing.
"""

import argparse
import asyncio
import re
import secrets
import signal
from pathlib import Path
from typing import Any

import jinja2
import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from deploy.local.mailbox import Mail, Mailbox

SHOWN = 200  # mails on the page; /mails.json has them all
PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates" / "mailcatcher"), autoescape=True
)
# What a mail's HTML may do: use its own styles and embedded images, and open links in a new tab.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


class Taker:
    """aiosmtpd's handler: the answer to DATA. Disk work is done in the loop: one mail at a time, none half taken."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offers PIPELINING (RFC 2920): aiosmtpd reads one command after the other from what has come."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """250 once the mail is durable; 451, "try again later", if the disk refuses it."""
        try:
            self.mailbox.keep(envelope.original_content or b"", envelope.rcpt_tos)
        except OSError as error:
            return f"451 not kept: {error.strerror}"
        return "250 kept"


def web(mailbox: Mailbox, hosts: list[str]) -> Starlette:
    """The pages over a mailbox, for requests to these host names only (so no other site can read them)."""

    def page(template: str, **values: Any) -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        text = PAGES.get_template(template).render(nonce=nonce, revision=mailbox.revision, **values)
        policy = (
            "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; frame-src 'self'; "
            f"script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        headers = {
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        return HTMLResponse(text, headers=headers)

    def found(request: Request) -> Mail:
        if (mail := mailbox.get(request.path_params["id"])) is None:
            raise HTTPException(404, "No such mail. It may have been cleared.")
        return mail

    async def index(request: Request) -> Response:
        return page("list.html", mails=list(mailbox)[:SHOWN], total=len(mailbox))

    async def show(request: Request) -> Response:
        mail = found(request)
        view = request.query_params.get("view", "html" if mail.part("html") else "text")
        return page("mail.html", mail=mail, view=view)

    async def html(request: Request) -> Response:
        text = found(request).part("html")
        head = re.search(r"<head[^>]*>", text, re.IGNORECASE)
        at = head.end() if head else 0
        headers = {"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"}
        return HTMLResponse(text[:at] + '<base target="_blank">' + text[at:], headers=headers)

    async def mails_json(request: Request) -> Response:
        """All mails, newest first; with `?to=ADDRESS` those that were sent there."""
        to = request.query_params.get("to")
        return JSONResponse([mail.as_json() for mail in mailbox if to is None or to in mail.to])

    async def clear(request: Request) -> Response:
        mailbox.clear()
        return Response(status_code=204)

    async def revision(request: Request) -> Response:
        return PlainTextResponse(mailbox.revision, headers={"Cache-Control": "no-store"})

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "mails": len(mailbox)})

    return Starlette(
        routes=[
            Route("/", index),
            Route("/mails/{id}", show),
            Route("/mails/{id}/html", html),
            Route("/mails", clear, methods=["DELETE"]),
            Route("/mails.json", mails_json),
            Route("/revision", revision),
            Route("/health", health),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts)],
    )


async def serve(host: str, smtp_port: int, http_port: int, data: Path) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way. Raises OSError if a port is in use."""
    mailbox = Mailbox(data)
    hosts = ["127.0.0.1", "localhost"] if host == "127.0.0.1" else ["*"]
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(Taker(mailbox), enable_SMTPUTF8=True, hostname="mailcatcher", ident="Mail catcher"),
        host,
        smtp_port,
    )
    settings = uvicorn.Config(
        web(mailbox, hosts),
        host=host,
        port=http_port,
        log_level="warning",
        lifespan="off",
        server_header=False,
    )
    async with smtp:
        await uvicorn.Server(settings).serve()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Takes every mail, delivers none, shows them on a page.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    for sig in (signal.SIGTERM, signal.SIGINT):  # uvicorn stops on them, then raises them again
        signal.signal(sig, lambda *_: None)
    asyncio.run(serve(given.host, given.smtp_port, given.http_port, given.data))


if __name__ == "__main__":
    main()
