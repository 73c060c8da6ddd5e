"""What the client does, told to those who run it: structured logs and, if wanted, traces.

Every line and every span has an event's name and a few plain fields: hashes, numbers, names of
methods and errors. Nothing that signs, opens or pays is among them: whoever calls `note` or `span`
passes what is public on the chain anyway, and other kinds of values are refused here.

```python
from duebill import telemetry

telemetry.log_to(sys.stderr)              # JSON lines; DUEBILL_LOG=info does it for the command line
telemetry.trace()                         # spans to whatever OpenTelemetry is set up for
```

Libraries that are used, web3 above all, log under names of their own and are left as they are.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
from typing import TYPE_CHECKING, Any, TextIO

from duebill.errors import ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    Field: TypeAlias = str | int | bool | None

__all__ = ["Lines", "log_to", "note", "span", "trace"]

_LOGGER = logging.getLogger("duebill")
_LOGGER.addHandler(logging.NullHandler())
_FIELDS = "duebill_fields"
# Hashes are the longest things that are told.
_LONGEST = 100
_tracer: Any = None


def note(event: str, *, level: int = logging.INFO, **fields: Field) -> None:
    """Tell that something happened.

    Args:
        event: What, in a few words that never change, such as "transaction sent".
        level: How much it matters, as in `logging`.
        fields: What belongs to it.
    """
    if _LOGGER.isEnabledFor(level):
        _LOGGER.log(level, event, extra={_FIELDS: _plain(fields)})


@contextlib.contextmanager
def span(name: str, **fields: Field) -> Iterator[None]:
    """Tell how long something took, and whether it failed; free of cost unless traces are on."""
    if _tracer is None:
        yield
        return
    attributes = {f"duebill.{key}": value for key, value in _plain(fields).items()}
    # An error is told by its name alone: a message may quote what a stranger wrote.
    with _tracer.start_as_current_span(
        f"duebill.{name}",
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield
        except Exception as error:
            current.set_attribute("error.type", type(error).__name__)
            raise


def trace(provider: Any = None) -> None:
    """Give spans to OpenTelemetry from now on.

    Args:
        provider: Its tracer provider; the one that the program has set up when not given.

    Raises:
        ExtraMissing: OpenTelemetry is not installed.
    """
    global _tracer  # noqa: PLW0603 - one for the process, as OpenTelemetry's own
    try:
        from opentelemetry import trace as api  # noqa: PLC0415 - optional
    except ImportError as error:
        raise ExtraMissing("telemetry", "send traces to OpenTelemetry") from error
    _tracer = api.get_tracer("duebill", tracer_provider=provider)


def log_to(stream: TextIO, *, level: int | str = logging.INFO) -> logging.Handler:
    """Write what happens to a stream, as one JSON object a line.

    Args:
        stream: Where to.
        level: The least that is told, as in `logging`.

    Returns:
        The handler, for `logging.getLogger("duebill").removeHandler`.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(level)
    return handler


class Lines(logging.Formatter):
    """One JSON object a line: time (UTC), level, event, and the event's fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        told = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, _FIELDS, {}),
        }
        return json.dumps(told, ensure_ascii=False)


def _plain(fields: dict[str, Field]) -> dict[str, Field]:
    for key, value in fields.items():
        if type(value) not in {str, int, bool, type(None)}:
            raise TypeError(f"{key} is no plain value")
    return {
        key: value if not isinstance(value, str) or len(value) <= _LONGEST else value[:_LONGEST]
        for key, value in fields.items()
        if value is not None
    }
