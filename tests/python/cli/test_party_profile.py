"""`duebill party pack`, `open`, `prove`, `grant`: a party's profile, from TOML to whom it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

PROFILE = """\
identifiers = ["lei:984500AURM0T0RAG2644"]
name = "Bremsen Süd GmbH"
address = "Werkstraße 1, 70173 Stuttgart, DE"

[facts]
register = "Stuttgart HRB 1234"
signatory = "A. Muster, alone"
"""


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE, "utf-8")
    return path


@pytest.fixture
def extract(tmp_path):
    path = tmp_path / "extract.pdf"
    path.write_bytes(b"%PDF-1.7 extract of the register")
    return path


@pytest.fixture
def root(on_chain, profile, extract):
    """Packed with a paper; dev2, which packs, and dev3 may read it."""
    for who in ("dev2", "dev3", "dev4"):
        on_chain.ok("document", "key", "-a", who, "-y")
    readers = ("--reader", "dev2", "--reader", "dev3")
    words = ("party", "pack", str(profile), "--document", str(extract), *readers)
    return on_chain.data(*words)["root"]


def test_a_profile_is_read_by_its_readers_alone(on_chain, root, extract, tmp_path):
    """All its facts and papers; a stranger is told that it is sealed for others."""
    told = on_chain.ok("party", "open", root, "--as", "dev3")
    for words in ("Bremsen Süd GmbH", "Stuttgart HRB 1234", "lei:984500AURM0T0RAG2644"):
        assert words in told
    out = tmp_path / "out"
    found = on_chain.data("party", "open", root, "--as", "dev3", "--out", str(out))
    assert Path(found["written"]["extract.pdf"]).read_bytes() == extract.read_bytes()
    stranger = on_chain.run("party", "open", root, "--as", "dev4")
    assert stranger.exit_code == 1
    assert "sealed for other readers" in stranger.stdout
    assert "Bremsen" not in stranger.stdout


def test_one_fact_is_proved_and_one_is_granted(on_chain, root):
    """The register, and not who signs; without any chain, and to one reader more."""
    line = on_chain.ok("party", "prove", root, "party.register", "--as", "dev3").strip()
    told = on_chain.ok("document", "verify", line, "--root", root)
    assert "Stuttgart HRB 1234" in told
    on_chain.error("document", "verify", line, "--root", "0x" + "17" * 32, code=3)
    words = ("party", "grant", root, "dev4", "--only", "party.register", "--as", "dev3", "-y")
    assert on_chain.data(*words)["only"] == ["party.register"]
    shown = on_chain.data("party", "open", root, "--as", "dev4")
    assert [it["name"] for it in shown["facts"]] == ["party.register"]
    assert shown["withheld"] == 5
    missing = on_chain.error("party", "prove", root, "party.colour", "--as", "dev3", code=2)
    assert missing["type"] == "DocumentUnknown"


def test_the_next_step_is_told(on_chain, root, profile):
    told = on_chain.ok("party", "pack", str(profile), "--reader", "dev3")
    assert told.startswith("Sealed the profile of Bremsen Süd GmbH for dev3.")
    assert "Its root is 0x" in told
    assert root not in told


def test_a_reader_without_a_key_is_named_before_anything_is_stored(on_chain, profile):
    error = on_chain.error("party", "pack", str(profile), "--reader", "dev3", code=1)
    assert error["type"] == "ReaderWithoutKey"
    assert not (on_chain.home / "sealed").exists()
    assert "none; it publishes one" in on_chain.ok("party", "show", "dev3")
    on_chain.ok("document", "key", "-a", "dev3", "-y")
    assert "age1" in on_chain.ok("party", "show", "dev3")


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ("identifiers = [", "FileRefused", "no TOML"),
        ('name = "A"', "BadDocument", "party.identifiers"),
        ('identifiers = ["lei:984500AURM0T0RAG2645"]\nname = "A"', "CheckDigitWrong", "check"),
        ('identifiers = ["lei:984500AURM0T0RAG2644"]', "BadDocument", "party.name"),
        (PROFILE.replace("[facts]", ""), "BadDocument", "[facts]"),
        ('facts = "x"\n' + PROFILE.split("[facts]", maxsplit=1)[0], "BadDocument", "party.facts"),
    ],
)
def test_what_is_no_profile_says_why(on_chain, tmp_path, content, kind, words):
    path = tmp_path / "profile.toml"
    path.write_text(content, "utf-8")
    result = on_chain.run("party", "pack", str(path), "--reader", "dev3", "--json")
    assert result.exit_code in {2, 3}
    assert kind in result.stderr
    assert words in result.stderr
