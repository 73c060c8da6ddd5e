"""JSON as bytes, by orjson where it is installed (`duebill[fast]`), else by the standard library."""

from __future__ import annotations

import json
from typing import Any

try:
    import orjson as _found
except ImportError:
    _orjson: Any = None
else:
    _orjson = _found


def write(value: Any) -> bytes:
    """A value as JSON."""
    if _orjson:
        written: bytes = _orjson.dumps(value)
        return written
    return json.dumps(value, separators=(",", ":")).encode()


def read(data: bytes) -> Any:
    """The value that JSON stands for.

    Raises:
        ValueError: It is no JSON.
    """
    try:
        return _orjson.loads(data) if _orjson else json.loads(data)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
