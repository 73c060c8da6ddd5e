"""Calls of contracts as bytes, and answers as values, by the shipped ABIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill import artifacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def encode_call(artifact: str, name: str, *arguments: Any) -> bytes:
    """The data of a call: the function's selector and its arguments."""
    from eth_abi.abi import encode  # noqa: PLC0415 - slow to import

    entry = _function(artifact, name)
    signature = f"{name}({','.join(types(entry['inputs']))})"
    selector = bytes.fromhex(artifacts.load(artifact).method_identifiers[signature])
    return selector + encode(types(entry["inputs"]), arguments)


def decode_result(artifact: str, name: str, data: bytes) -> tuple[Any, ...]:
    """The values that a function returned; addresses in lower case."""
    from eth_abi.abi import decode  # noqa: PLC0415 - slow to import

    return decode(types(_function(artifact, name)["outputs"]), data)


def types(parameters: Sequence[Mapping[str, Any]]) -> list[str]:
    """The types of parameters as eth_abi writes them, with tuples spelt out."""
    return [_type(parameter) for parameter in parameters]


def _type(parameter: Mapping[str, Any]) -> str:
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(types(parameter['components']))}){kind.removeprefix('tuple')}"


def _function(artifact: str, name: str) -> Mapping[str, Any]:
    # Not for overloaded functions: a deployment calls none.
    found = [e for e in artifacts.load(artifact).abi if e.get("name") == name]
    (entry,) = (e for e in found if e["type"] == "function")
    return entry
