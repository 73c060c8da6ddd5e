"""JSON-RPC over HTTP: one request, one answer that makes sense, or an error that says why not."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from duebill.errors import NodeAnswerInvalid, NodeUnavailable

if TYPE_CHECKING:
    from web3 import HTTPProvider

_TIMEOUT_SECONDS = 30
# A busy node, or a gateway before it, may answer the next time.
_BUSY = {429, 502, 503, 504}
_PAUSES = (0.2, 0.5, 1.0)
_SENDING = "eth_sendRawTransaction"


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
        self._connection: HTTPProvider | None = None

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
        answer = self._ask(method, list(params))
        if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
            raise NodeAnswerInvalid(method, reason="it is no JSON-RPC answer")
        if "error" in answer:
            raise _error(method, answer["error"])
        return answer["result"]

    def _ask(self, method: str, params: list[Any]) -> Any:
        # Only questions are repeated here; what is sent is repeated by whoever knows what it is.
        pauses = iter(() if method == _SENDING else _PAUSES)
        reconnects = 0 if method == _SENDING else 1
        while True:
            found = self._post(method, params)
            if not isinstance(found, _Failure):
                return found
            if found.broken and reconnects:
                reconnects -= 1
                continue
            pause = next(pauses, None) if found.busy else None
            if pause is None:
                raise found.error
            time.sleep(pause)

    def _post(self, method: str, params: list[Any]) -> Any:
        """The answer, or what went wrong.

        The libraries' exceptions quote the node's address with whatever secret is in it. They end
        here: what is raised later does not even have them as its context.
        """
        # Slow to import.
        from requests import ConnectionError as Broken  # noqa: PLC0415
        from requests import HTTPError, RequestException, Timeout  # noqa: PLC0415

        if self._connection is None:
            self._connection = _connection(self._url)
        try:
            return self._connection.make_request(method, params)
        except HTTPError as error:
            status = error.response.status_code
            return self._failure(f"HTTP status {status}", busy=status in _BUSY)
        except Timeout:
            return self._failure("it took too long")
        except Broken as error:
            # Nodes close connections that were idle for a while.
            return self._failure(_reason(error), broken=True)
        except RequestException as error:
            return self._failure(_reason(error))
        except ValueError:
            return _Failure(NodeAnswerInvalid(method, reason="it is no JSON"))

    def _failure(self, reason: str, *, busy: bool = False, broken: bool = False) -> _Failure:
        return _Failure(NodeUnavailable(self.name, reason=reason), busy=busy, broken=broken)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: NodeUnavailable | NodeAnswerInvalid
    busy: bool = False
    broken: bool = False


def _connection(url: str) -> HTTPProvider:
    # Slow to import: not before something is asked. It imports a deprecated module on its way.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from web3 import HTTPProvider  # noqa: PLC0415

    return HTTPProvider(
        url,
        request_kwargs={"timeout": _TIMEOUT_SECONDS},
        exception_retry_configuration=None,
    )


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


def _error(method: str, error: Any) -> RpcError | NodeAnswerInvalid:
    if not isinstance(error, dict):
        return NodeAnswerInvalid(method, reason="its error is no object")
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
