"""A web server for a test: real sockets, real TLS, answers from a function."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from coincurve import PrivateKey
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from vectors import KEY

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@dataclass
class Request:
    """What came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class Service:
    """A key behind a web server; a test can make it answer wrongly.

    Attributes:
        key: The key that it signs with.
        public: The key that it shows; the same when None.
        high_s: Whether it answers with the twin of s that chains refuse.
        status: Answer everything with this status instead.
        error: The body of such an answer.
        change: What is done to the r and s of each signature.
        requests: What came in.
    """

    key: str = KEY
    public: str | None = None
    high_s: bool = False
    status: int = 200
    error: Any = None
    change: Any = None
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError

    def respond(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        self.requests.append(request)
        if self.status != 200:
            return self.status, {}, json.dumps(self.error or {}).encode()
        return self.answer(request)

    def point(self) -> bytes:
        return PrivateKey.from_hex(self.public or self.key).public_key.format(compressed=False)

    def key_info(self, kind: Any = serialization.Encoding.DER) -> bytes:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), self.point())
        return key.public_bytes(kind, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, digest: bytes) -> tuple[int, int]:
        """r and s of exactly these 32 bytes."""
        assert len(digest) == 32
        made = PrivateKey.from_hex(self.key).sign_recoverable(digest, hasher=None)
        r, s = int.from_bytes(made[:32]), int.from_bytes(made[32:64])
        if self.high_s:
            s = ORDER - s
        return self.change(r, s) if self.change else (r, s)


def json_answer(
    content: Any, status: int = 200, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(content).encode()


@contextlib.contextmanager
def running(service: Service, *, tls: Any = None):
    """Serve until the test is over; gives the service, which knows its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(
                self.command,
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            status, headers, body = service.respond(request)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            """Clients that hang up are no failure of a test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        service.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Tls:
    """A certificate for 127.0.0.1 that nobody but its file vouches for."""

    context: ssl.SSLContext
    ca: str


def certificate(folder) -> Tls:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca, both = folder / "ca.pem", folder / "server.pem"
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    ca.write_bytes(pem)
    both.write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return Tls(context, str(ca))
