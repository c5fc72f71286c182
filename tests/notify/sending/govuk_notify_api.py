"""A real HTTP server that speaks as much of GOV.UK Notify's API as is used, checks what it is sent, and misbehaves on
request."""

import contextlib
import json
import socket
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"talent-exchange-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


@dataclass
class GovukNotifyApi:
    """`faults` are used up one for each email that is posted:

    * a status and an error's name, such as `429 RateLimitError`: that answer;
    * `drop`: the connection breaks before the email is looked at; `take and drop`: after it was taken;
    * `take and stall`: it is taken, and the answer comes when `go_on` is set; `nonsense`: it is taken, and the answer is
      no JSON.
    """

    faults: deque[str] = field(default_factory=deque)
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    template: dict[str, Any] = field(
        default_factory=lambda: {
            "id": TEMPLATE,
            "type": "email",
            "subject": "((subject))",
            "body": "((body))",
        }
    )
    team_only: bool = False
    go_on: threading.Event = field(default_factory=threading.Event)
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[socket.socket] = field(default_factory=set)
    _server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """Listen on a free port."""
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                api._open.add(self.connection)

            def finish(self) -> None:
                super().finish()
                api._open.discard(self.connection)

            def do_POST(self) -> None:
                api.post(self)

            def do_GET(self) -> None:
                api.get(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # so that closing it waits for them
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    @property
    def url(self) -> str:
        """Where it is."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Answer what stalls, and be gone."""
        self.go_on.set()
        if self._server is not None:
            self._server.shutdown()
            for connection in list(self._open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._server.server_close()
            self._server = None

    def post(self, request: BaseHTTPRequestHandler) -> None:
        """An email is handed over."""
        email = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self._post(request, email)
        finally:
            with self._lock:
                self._at_once -= 1

    def _post(self, request: BaseHTTPRequestHandler, email: dict[str, Any]) -> None:
        fault = self.faults.popleft() if self.faults else ""
        if fault == "drop":
            return _break(request)
        status, _, name = fault.partition(" ")
        if status.isdigit():
            return _error(request, int(status), name, "it was asked to say so")
        if (wrong := self._wrong(request, email)) is not None:
            return _error(request, *wrong)
        made = {**email, "id": str(uuid.uuid4()), "status": "created"}
        with self._lock:
            self.taken.append(made)
        if fault == "take and drop":
            return _break(request)
        if fault == "take and stall":
            self.go_on.wait()
        if fault == "nonsense":
            return _answer(request, 201, b"<html>Thank you</html>")
        uri = f"{self.url}/v2/notifications/{made['id']}" if self._server else ""
        return _json(request, 201, {"id": made["id"], "reference": email.get("reference"), "uri": uri})

    def get(self, request: BaseHTTPRequestHandler) -> None:
        """The template, or the emails of a reference."""
        at = urlsplit(request.path)
        if (wrong := _who(request)) is not None:
            return _error(request, *wrong)
        if at.path == f"/v2/template/{TEMPLATE}":
            return _json(request, 200, self.template)
        if at.path == "/v2/notifications":
            [reference] = parse_qs(at.query)["reference"]
            self.asked_for.append(reference)
            with self._lock:
                found = [one for one in reversed(self.taken) if one.get("reference") == reference]
            return _json(request, 200, {"notifications": found, "links": {"current": request.path}})
        return _error(request, 404, "NoResultFound", "No result found")

    def _wrong(self, request: BaseHTTPRequestHandler, email: dict[str, Any]) -> tuple[int, str, str] | None:
        if (wrong := _who(request)) is not None:
            return wrong
        given = email.get("personalisation", {})
        link = email.get("one_click_unsubscribe_url")
        if "@" not in email["email_address"].strip("@"):
            return 400, "ValidationError", "email_address Not a valid email address"
        if link is not None and not link.startswith("https://"):
            return 400, "ValidationError", "one_click_unsubscribe_url is not a valid https url"
        if email["template_id"] != self.template["id"]:
            return 400, "BadRequestError", "Template not found"
        if missing := {"subject", "body"} - given.keys():
            return 400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}"
        if self.team_only:
            return 400, "BadRequestError", f"Can’t send to {email['email_address']} using a team-only API key"
        return None


def _who(request: BaseHTTPRequestHandler) -> tuple[int, str, str] | None:
    """What is wrong with the token, if anything."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
    except jwt.InvalidTokenError:
        return 403, "AuthError", "Invalid token: API key not found"
    if scheme != "Bearer" or claims.get("iss") != SERVICE:
        return 403, "AuthError", "Invalid token: service not found"
    if abs(claims["iat"] - time.time()) > 30:
        return 403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"
    return None


def _error(request: BaseHTTPRequestHandler, status: int, name: str, message: str) -> None:
    _json(request, status, {"status_code": status, "errors": [{"error": name, "message": message}]})


def _json(request: BaseHTTPRequestHandler, status: int, what: object) -> None:
    _answer(request, status, json.dumps(what).encode())


def _answer(request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    try:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
    except OSError:  # whoever asked did not wait
        request.close_connection = True


def _break(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    request.connection.shutdown(socket.SHUT_RDWR)
