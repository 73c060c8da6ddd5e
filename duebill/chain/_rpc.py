"""JSON-RPC over HTTP: one request, one answer that makes sense, or an error that says why not.

Connections are kept open, one for each thread, and many requests travel as one batch.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from duebill import telemetry
from duebill.chain import _json
from duebill.errors import NodeAnswerInvalid, NodeUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from requests import Session

_TIMEOUT_SECONDS = 30
# A busy node, or a gateway before it, may answer the next time.
_BUSY = {429, 502, 503, 504}
_PAUSES = (0.2, 0.5, 1.0)
_SENDING = "eth_sendRawTransaction"
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
# Requests in one batch: below what gateways usually allow.
_MOST_TOGETHER = 100
#: Why a node does not answer what is too much for it.
TOO_LARGE = "HTTP status 413"
TOO_LONG = "it took too long"


class RpcError(Exception):
    """The node's own error answer; whoever asked makes a Duebill error of it.

    Attributes:
        method: The method.
        code: JSON-RPC's or the node's code.
        reason: The node's words.
        data: What a contract returned on refusal; None when nothing was handed over.
    """

    def __init__(self, method: str, *, code: int, reason: str, data: bytes | None) -> None:
        super().__init__(method, code, reason)
        self.method = method
        self.code = code
        self.reason = reason
        self.data = data


class Rpc:
    """A node."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()
        self._most_together = _MOST_TOGETHER

    @property
    def name(self) -> str:
        """The node's address without user, path and query, where secrets are kept."""
        parts = urlsplit(self._url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}"

    def __repr__(self) -> str:
        return f"<node {self.name}>"

    def request(self, method: str, *params: Any) -> Any:
        """The result of a method.

        Raises:
            RpcError: The node answered with an error.
            NodeUnavailable: It did not answer.
            NodeAnswerInvalid: It answered with something else than JSON-RPC.
        """
        found = _result(method, self._ask(method, _question(method, params, 1)))
        if isinstance(found, RpcError):
            raise found
        return found

    def request_all(self, method: str, each: Sequence[Sequence[Any]]) -> list[Any]:
        """The results of a method for many parameters, in their order; sent in batches.

        In the place of a result stands the `RpcError` that the node answered with. A node that
        takes no batches, or none so large, is asked in smaller ones.

        Args:
            method: The method.
            each: The parameters of each request.

        Raises:
            NodeUnavailable: The node did not answer; of what was sent, some may have arrived.
            NodeAnswerInvalid: It answered with something else than JSON-RPC.
        """
        questions = [_question(method, params, place) for place, params in enumerate(each, start=1)]
        found: list[Any] = []
        while len(found) < len(questions):
            batch = questions[len(found) : len(found) + self._most_together]
            answers = self._together(method, batch, first=len(found) + 1)
            if answers is None:
                self._most_together = max(1, len(batch) // 2)
            else:
                found += answers
        return found

    def _together(self, method: str, batch: Sequence[bytes], *, first: int) -> list[Any] | None:
        """The results of a batch; None if the node takes none of this size."""
        if len(batch) == 1:
            return [_result(method, self._ask(method, batch[0]))]
        try:
            answer = self._ask(method, b"[" + b",".join(batch) + b"]")
        except NodeUnavailable as error:
            if error.reason == TOO_LARGE:
                return None
            raise
        if isinstance(answer, dict) and "error" in answer:
            return None
        return _in_order(method, answer, range(first, first + len(batch)))

    def _ask(self, method: str, body: bytes) -> Any:
        # Only questions are repeated here; what is sent is repeated by whoever knows what it is.
        pauses = iter(() if method == _SENDING else _PAUSES)
        reconnects = 0 if method == _SENDING else 1
        while True:
            found = self._told(method, body)
            if not isinstance(found, _Failure):
                return found
            if found.broken and reconnects:
                reconnects -= 1
                continue
            pause = next(pauses, None) if found.busy else None
            if pause is None:
                raise found.error
            time.sleep(pause)

    def _told(self, method: str, body: bytes) -> Any:
        """As `_post`; those who watch see how long it took."""
        began = time.monotonic()
        with telemetry.span("request", method=method, node=self.name):
            found = self._post(method, body)
        took = round((time.monotonic() - began) * 1000)
        telemetry.note(
            "request", level=logging.DEBUG, method=method, node=self.name, milliseconds=took
        )
        return found

    def _post(self, method: str, body: bytes) -> Any:
        """The answer, or what went wrong.

        The library's exceptions quote the node's address with whatever secret is in it. They end
        here: what is raised later does not even have them as its context.
        """
        # Slow to import: not before something is asked.
        from requests import ConnectionError as Broken  # noqa: PLC0415
        from requests import RequestException, Timeout  # noqa: PLC0415

        try:
            answer = self._session().post(self._url, data=body, timeout=_TIMEOUT_SECONDS)
        except Timeout:
            return self._failure(TOO_LONG)
        except Broken as error:
            # Nodes close connections that were idle for a while.
            return self._failure(_reason(error), broken=True)
        except RequestException as error:
            return self._failure(_reason(error))
        if not answer.ok:
            status = answer.status_code
            return self._failure(f"HTTP status {status}", busy=status in _BUSY)
        try:
            return _json.read(answer.content)
        except ValueError:
            return _Failure(NodeAnswerInvalid(method, reason="it is no JSON"))

    def _session(self) -> Session:
        found: Session | None = getattr(self._local, "session", None)
        if found is None:
            from requests import Session  # noqa: PLC0415 - as above
            from requests.utils import get_netrc_auth  # noqa: PLC0415 - as above

            found = self._local.session = Session()
            found.headers.update(_HEADERS)
            # Proxies, certificates and passwords that the environment names, looked up once:
            # doing it for every request takes half of its time.
            named = found.merge_environment_settings(self._url, {}, None, None, None)
            found.proxies, found.verify = named["proxies"], named["verify"]
            found.auth = get_netrc_auth(self._url)
            found.trust_env = False
        return found

    def _failure(self, reason: str, *, busy: bool = False, broken: bool = False) -> _Failure:
        return _Failure(NodeUnavailable(self.name, reason=reason), busy=busy, broken=broken)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: NodeUnavailable | NodeAnswerInvalid
    busy: bool = False
    broken: bool = False


def _reason(error: Exception) -> str:
    words = {
        "ConnectionError": "no connection",
        "SSLError": "its certificate is not trusted",
        "ProxyError": "the proxy refuses",
        "InvalidURL": "this is no web address",
        "InvalidSchema": "only http and https are spoken",
        "MissingSchema": "the address begins neither with http:// nor with https://",
        "ChunkedEncodingError": "the connection broke",
    }
    return words.get(type(error).__name__, type(error).__name__)


def _question(method: str, params: Sequence[Any], id_: int) -> bytes:
    asked = {"jsonrpc": "2.0", "id": id_, "method": method, "params": params}
    return _json.write(asked)


def _result(method: str, answer: Any) -> Any:
    """The result that an answer holds, or the node's error as an `RpcError`."""
    if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
        raise NodeAnswerInvalid(method, reason="it is no JSON-RPC answer")
    return _error(method, answer["error"]) if "error" in answer else answer["result"]


def _in_order(method: str, answers: Any, ids: Sequence[int]) -> list[Any]:
    """The results of a batch, which a node may answer in any order."""
    if not isinstance(answers, list) or len(answers) != len(ids):
        raise NodeAnswerInvalid(method, reason="it is not one answer for each question")
    by_id = {repr(answer.get("id")): answer for answer in answers if isinstance(answer, dict)}
    if by_id.keys() != {repr(id_) for id_ in ids}:
        raise NodeAnswerInvalid(method, reason="it is not one answer for each question")
    return [_result(method, by_id[repr(id_)]) for id_ in ids]


def _error(method: str, error: Any) -> RpcError:
    if not isinstance(error, dict):
        raise NodeAnswerInvalid(method, reason="its error is no object")
    code = error.get("code")
    return RpcError(
        method,
        code=code if isinstance(code, int) else 0,
        reason=str(error.get("message", "no reason given")),
        data=_data(error.get("data")),
    )


def _data(data: Any) -> bytes | None:
    # Some nodes wrap what the contract returned once more.
    if isinstance(data, dict):
        return _data(data.get("data", data.get("result")))
    if not isinstance(data, str):
        return None
    text = data.removeprefix("Reverted ").removeprefix("0x")
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
