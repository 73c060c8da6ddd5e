"""Whatever is typed: an answer in words and an exit code that is documented, never a traceback."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duebill.cli._failures import BUG, MEANINGS

# What the shell can hand over: anything but NUL.
words = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=80)
near = st.sampled_from(
    (
        "0x",
        "0x" + "f" * 40,
        "0x" + "0" * 40,
        "f" * 48,
        "f" * 49,
        "f" * 48 + "/1",
        "f" * 48 + "/0",
        "f" * 48 + "/" + "9" * 40,
        "/",
        "1/",
        "dev1=",
        "dev1=1=1",
        "dev10",
        "9" * 5000,
        "-1",
        "1e5",
        "NaN",
        "9999-12-31",
        "0001-01-01",
        "1969-12-31",
        "2150-01-01",
        "2027-05-15T99:00",
        "0001-01-01T00:00+23:59",
        "9999-12-31T23:59-23:59",
        "\x1b[2J",
        "[red]x",
        "",
        " ",
    )
)
COMMANDS = (
    ("receivable", "show", "{}"),
    ("receivable", "list", "--obligor", "{}"),
    ("receivable", "pay", "{}", "-a", "dev1"),
    ("receivable", "accept", "--signature", "{}", "-a", "dev1"),
    ("receivable", "sign", "{}", "-a", "{}"),
    ("receivable", "issue", "--invoice", "{}", "--buyer", "dev1", "-a", "dev2"),
    ("receivable", "issue", "--invoice", "x", "--buyer", "{}", "--due", "{}", "-a", "dev2"),
    ("voucher", "show", "{}"),
    ("voucher", "split", "{}", "{}", "-a", "dev2"),
    ("voucher", "transfer", "{}", "dev3", "--value", "{}", "-a", "dev2"),
    ("voucher", "merge", "{}", "--into", "{}", "-a", "dev2"),
    ("trace", "{}"),
    ("party", "show", "{}"),
    ("party", "verify", "dev6", "--until", "{}", "-a", "dev0", "--dry-run"),
    ("party", "verify", "dev6", "--identifier", "{}", "-a", "dev0", "--dry-run"),
    ("party", "freeze", "dev6", "--until", "{}", "--reason", "{}", "-a", "dev0", "--dry-run"),
    ("programme", "show", "{}"),
    ("programme", "create", "--smallest-voucher", "{}", "-a", "dev0", "--dry-run"),
    ("programme", "create", "--currency", "{}", "-a", "dev0", "--dry-run"),
    ("currency", "mint", "{}", "dev6", "{}", "-a", "dev6", "--dry-run"),
    ("account", "new", "{}"),
    ("deploy", "{}", "-a", "dev0"),
    ("invoice", "show", "{}"),
    ("node", "fund", "{}"),
    ("{}",),
)


@pytest.mark.slow
@given(data=st.data(), command=st.sampled_from(COMMANDS))
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_56_whatever_is_typed(on_chain, data, command):
    """THREATS 54, 56, 64: refused in words that a terminal can show."""
    typed = [data.draw(words | near) if word == "{}" else word for word in command]
    result = on_chain.run(*typed)
    assert result.exit_code in MEANINGS
    assert result.exit_code != BUG, (typed, result.stderr)
    assert "\x1b" not in result.stderr
