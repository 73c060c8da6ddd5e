"""A node that lies, limits, breaks and forgets: it stands before the real one."""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Reply:
    """What the proxy gives instead of the node's answer.

    Attributes:
        status: The HTTP status.
        body: The bytes; None breaks the connection off.
    """

    status: int = 200
    body: bytes | None = b""


def error(code: int, message: str) -> Reply:
    """The node's own error."""
    return Reply(
        body=json.dumps(
            {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": message}}
        ).encode()
    )


@dataclass
class Proxy:
    """What a test does to the traffic.

    A batch is answered request by request; what breaks one off, breaks off all.

    Attributes:
        target: The real node.
        url: Where the proxy listens.
        seen: The methods that were asked for, in order.
        batches: How many requests came together, for each batch.
        together: Called with a batch; a `Reply` is given instead of answering its requests.
        before: Called with method and params; a `Reply` is given instead of asking the node.
        after: Called with method, params and the node's result; gives the result to pass on, or a
            `Reply`.
    """

    target: str
    url: str = ""
    seen: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    together: Callable[[list[Any]], Reply | None] = lambda _: None
    before: Callable[[str, list[Any]], Reply | None] = lambda *_: None
    after: Callable[[str, list[Any], Any], Any] = lambda *args: args[2]

    def answer_all(self, requests: list[dict[str, Any]]) -> Reply:
        """A batch's reply."""
        self.batches.append(len(requests))
        if (early := self.together(requests)) is not None:
            return early
        replies = [self.answer(request) for request in requests]
        failed = next((r for r in replies if r.status != 200 or r.body is None), None)
        return failed or Reply(body=b"[" + b",".join(r.body for r in replies) + b"]")

    def answer(self, request: dict[str, Any]) -> Reply:
        """One request's reply."""
        method, params = request["method"], request["params"]
        self.seen.append(method)
        if (early := self.before(method, params)) is not None:
            return early
        asked = urllib.request.Request(  # noqa: S310 - our own node
            self.target, json.dumps(request).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked) as found:  # noqa: S310
            answer = json.load(found)
        if "result" in answer:
            late = self.after(method, params, answer["result"])
            if isinstance(late, Reply):
                return late
            answer["result"] = late
        return Reply(body=json.dumps(answer).encode())


@contextlib.contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    """A proxy for the length of the block."""
    proxy = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = (proxy.answer_all if isinstance(request, list) else proxy.answer)(request)
            self.close_connection = True
            if reply.body is None:
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
