"""What registrars, supervisors and enforcers ask for that makes no sense."""

# ruff: noqa: N818 - each class is named for its cause.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._base import DuebillError

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model import Address


class EndInPast(DuebillError):
    """Something that is to begin would be over already.

    Attributes:
        end: Its last moment.
        now: The chain's time.
    """

    def __init__(self, end: datetime, *, now: datetime) -> None:
        self.end = end
        self.now = now
        super().__init__(
            f"The end {end:%Y-%m-%d %H:%M:%S} UTC is over: it is {now:%Y-%m-%d %H:%M:%S} UTC by the "
            "chain's clock.",
            hint="Give a later one. To end something now, revoke or release it.",
        )


class NothingToAnnounce(DuebillError):
    """The account may act at once: its role has no delay.

    Attributes:
        account: The account.
    """

    def __init__(self, account: Address) -> None:
        self.account = account
        super().__init__(
            f"{account} may do this at once: its role has no delay.",
            hint="Do it without announcing it.",
        )
