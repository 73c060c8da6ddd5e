"""A ledger that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from stories import DOCUMENTS, Story

from duebill.watch import load_rules
from duebill.watch._vouchers import ManyParts

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def story(scene: Any, anvil: Any) -> Story:
    """What happens, and what the built-in rules find in it."""
    return Story(scene, anvil)


@pytest.fixture
def told_by(scene: Any, anvil: Any) -> Callable[..., Story]:
    """As `story`, with rules as given."""
    return lambda *rules: Story(scene, anvil, rules)


@pytest.fixture
def busy(told_by: Callable[..., Story]) -> Story:
    """A story in which several rules find something, in blocks of several transactions too."""
    story = told_by(*load_rules(), ManyParts(most_parts=2))
    for _ in range(2):
        story.accepted(documents_root=DOCUMENTS)
    id_ = story.accepted()
    story.anvil.rpc("evm_setAutomine", False)
    supplier = story.ledger.supplier(story.who("supplier"))
    for _ in range(3):
        supplier.transfer(id_.voucher(1), story.who("supplier2").address, value="10.00")
    story.anvil.mine()
    story.anvil.rpc("evm_setAutomine", True)
    story.give(id_.voucher(2), "supplier2", "financier")
    story.give(id_.voucher(2), "financier", "supplier")
    story.anvil.travel(days=100)
    story.accepted()
    return story
