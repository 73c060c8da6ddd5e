"""A ledger that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from stories import Story

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
