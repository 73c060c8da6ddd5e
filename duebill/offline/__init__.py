"""Transactions that are prepared on one machine, signed on a second, and sent from a third.

The second needs no network: what is signed is in a small file, one line of text, or a QR code, and
its words are made from the very bytes.
"""

from __future__ import annotations

from duebill.offline._codes import draw, qr
from duebill.offline._prepared import PreparedTransaction
from duebill.offline._words import Words

__all__ = ["PreparedTransaction", "Words", "draw", "qr"]
