"""What can go wrong with a local node."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError


class NodeError(DuebillError):
    """The local node cannot be started, found or stopped."""


class NodeNotInstalled(NodeError):
    """No anvil was found.

    Attributes:
        searched: The places that were looked at.
    """

    def __init__(self, searched: tuple[str, ...]) -> None:
        self.searched = searched
        super().__init__(
            f"There is no anvil in {', '.join(searched)}.",
            hint="Run `make setup`, or install Foundry so that anvil is on PATH.",
        )


class NodeNotStarted(NodeError):
    """The node ended, or said nothing, before it listened.

    Attributes:
        log: The end of what it wrote.
    """

    def __init__(self, log: str) -> None:
        self.log = log
        super().__init__(
            f"The node did not start. It wrote: {log or 'nothing'}.",
            hint="Check that the port is free and the options are anvil's.",
        )


class NodeAlreadyRunning(NodeError):
    """A node of this home folder is running.

    Attributes:
        pid: Its process.
        url: Where it listens.
    """

    def __init__(self, *, pid: int, url: str) -> None:
        self.pid = pid
        self.url = url
        super().__init__(
            f"A node is running already at {url} (process {pid}).",
            hint="Use it, or stop it with `duebill node stop`.",
        )


class ForeignProcess(NodeError):
    """The process of the pid file is no longer the node that was started.

    Attributes:
        pid: The process.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        super().__init__(
            f"Process {pid} is not the node that was started; it was left alone.",
            hint="Look at the process yourself; the stale pid file was removed.",
        )


class NodeNotStopped(NodeError):
    """The node did not end when asked, nor when told.

    Attributes:
        pid: Its process.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        super().__init__(
            f"The node (process {pid}) did not stop.", hint="End the process by its number."
        )
