"""HTTP to a remote signer: one small question, one small answer, or a typed error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from duebill.errors import (
    BadSignerName,
    KeyUnsuitable,
    SignerAnswerInvalid,
    SignerRefused,
    SignerThrottled,
    SignerUnavailable,
)
from duebill.signing._signer import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from requests import PreparedRequest, Session

    from duebill.errors import SignerError
    from duebill.signing._signer import Password

_LONGEST_ANSWER = 1_000_000
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class Endpoint:
    """Where a remote signer listens.

    Redirects are not followed, and the token is sent over TLS only, or inside this machine.

    Args:
        url: Its address.
        token: A bearer token, or what gives it.
        ca: A file of certificates to trust instead of the system's.
        certificate: A file with the client's own certificate and key, in PEM.
        timeout: Seconds to wait for an answer.

    Raises:
        BadSignerName: The address is malformed, holds a secret, or would show the token on the way.
    """

    def __init__(
        self,
        url: str,
        *,
        token: Password | None = None,
        ca: str | Path | None = None,
        certificate: str | Path | None = None,
        timeout: float = 10,
    ) -> None:
        self._token = None if token is None else Secret(token)
        self._url, self.name = _checked(url, with_token=token is not None)
        self._ca, self._certificate, self._timeout = ca, certificate, timeout
        self._opened: Session | None = None

    def __repr__(self) -> str:
        return f"<signer at {getattr(self, 'name', 'unnamed')}>"

    def ask(self, method: str, path: str = "", *, content: Any = None) -> str:
        """The text of an answer.

        Raises:
            RequestException: There is none; see `failure`.
        """
        response = self._session().request(
            method,
            self._url + path,
            json=content,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
            # Given here, it goes before what the environment says.
            verify=True if self._ca is None else str(self._ca),
            cert=None if self._certificate is None else str(self._certificate),
        )
        with response:
            if response.status_code != 200:
                raise self._refusal(response.status_code)
            body = b""
            for part in response.iter_content(1 << 16):
                body += part
                if len(body) > _LONGEST_ANSWER:
                    raise SignerAnswerInvalid(self.name, reason="it is too long")
        return body.decode()

    def failure(self, error: Exception) -> SignerError | None:
        """What an error of the HTTP library stands for; None if it is none of its."""
        from requests import RequestException, Timeout  # noqa: PLC0415 - slow to import
        from requests.exceptions import SSLError  # noqa: PLC0415

        if isinstance(error, Timeout):
            return SignerUnavailable(self.name, reason="it took too long")
        if isinstance(error, SSLError):
            return SignerUnavailable(self.name, reason="its certificate is not trusted")
        if isinstance(error, RequestException | OSError):
            return SignerUnavailable(self.name, reason="no connection")
        return None

    def _session(self) -> Session:
        if self._opened is None:
            from requests import Session  # noqa: PLC0415 - slow to import

            self._opened = Session()
            # Beside its purpose, it keeps the library from looking for passwords in ~/.netrc.
            self._opened.auth = _bearer(self._token)
        return self._opened

    def _refusal(self, status: int) -> SignerError:
        reason = f"HTTP status {status}"
        if status == 429:
            return SignerThrottled(self.name, reason=reason)
        if status == 404:
            return KeyUnsuitable(self.name, reason="there is no such key or path")
        if status >= 500:
            return SignerUnavailable(self.name, reason=reason)
        return SignerRefused(self.name, reason=reason)


def _bearer(token: Secret | None) -> Callable[[PreparedRequest], PreparedRequest]:
    def authorized(request: PreparedRequest) -> PreparedRequest:
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token()}"
        return request

    return authorized


def _checked(url: str, *, with_token: bool) -> tuple[str, str]:
    """The address, and what to call it in words."""
    kind = "http"
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.fragment or parts.query:
        raise BadSignerName(kind, reason="it is no plain address")
    if parts.username is not None or parts.password is not None:
        raise BadSignerName(kind, reason="it holds a user or a password; a token goes in a file")
    if with_token and parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise BadSignerName(kind, reason="a token needs https")
    return url.rstrip("/"), f"the remote signer {parts.scheme}://{parts.netloc}"
