"""docs/supervision.md says what the code does, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duebill.model import ActKind, ActState
from duebill.watch import BUILT_IN, View, Watch, load_rules, thresholds

PAGE = (Path(__file__).parents[3] / "docs" / "supervision.md").read_text("utf-8")


def block(language, containing):
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = (it for it in blocks if containing in it)
    return found


def test_every_rule_stands_there_with_its_thresholds():
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| .+? \| (.*?) ?\|$", PAGE, re.MULTILINE)
    shown = {name: (severity, told) for name, severity, told in rows}
    assert list(shown) == [kind.name() for kind in BUILT_IN]
    for rule in load_rules():
        told = ", ".join(f"`{name}` {value}" for name, value in thresholds(rule))
        assert shown[rule.name()] == (rule.severity.value, told)


def test_every_state_of_an_act_stands_there():
    listed = re.search(r"\| state \| means \|(.*?)\n\n", PAGE, re.DOTALL)[1]
    assert [it.value for it in ActState if it.value not in listed] == []
    assert len(ActKind) == 7


def test_the_example_of_thresholds_is_taken(tmp_path):
    path = tmp_path / "limits.toml"
    path.write_text(block("toml", "limits.toml"))
    rules = {rule.name(): rule for rule in load_rules(config=path)}
    assert rules["many-parts"].most_parts == 50
    assert "tenors-at-limit" not in rules


@pytest.mark.parametrize(("value", "told"), [("800.00", 1), ("799.99", 0)])
def test_the_example_of_a_rule_finds_its_story(story, tmp_path, value, told):
    path = tmp_path / "my_rules.py"
    path.write_text(block("python", "my_rules.py"))
    rules = [rule for rule in load_rules(files=[path]) if rule.name() == "large-gift"]
    story.give(story.accepted().voucher(1), "supplier", "financier", value=value)
    found = list(Watch(story.ledger, rules).once())
    assert len(found) == told
    for alert in found:
        assert "800.00 EUR in one step" in alert.words


def test_the_example_of_following_runs(story, deployed, tmp_path, monkeypatch, capsys):
    """As a user would run it: the node by its variable, the ledger by its address book."""
    story.accepted()
    deployed.save(folder=tmp_path)
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path))
    monkeypatch.setenv("DUEBILL_RPC_URL", story.anvil.url)
    exec(compile(block("python", "ledger.follow"), "example", "exec"), {})  # noqa: S102 - our page
    assert len(capsys.readouterr().out.splitlines()) == len(story.ledger.events())


def test_every_view_that_is_listed_is_there():
    listed = re.search(r"\| `View` \| gives \|(.*?)\n\n", PAGE, re.DOTALL)[1]
    names = set(re.findall(r"`([a-z_]+)(?:\(|`)", listed)) - {"owed", "held", "guaranteed"}
    assert {name for name in names if not hasattr(View, name)} == set()
