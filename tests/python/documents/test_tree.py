"""The tree: one root for the same leaves, and a path for each of them, and for nothing else."""

from __future__ import annotations

import json

import pytest
from document_vectors import PATH, vectors
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from duebill.documents._tree import climbed, leaf_of, path_of, root_of

VECTORS = json.loads(PATH.read_text("utf-8"))
LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)


def plain_root(leaves):
    """The rule of docs/documents.md once more, written as it reads."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [sorted(level[i : i + 2]) for i in range(0, len(level), 2)]
        level = [keccak(b"\x01" + b"".join(p)) if len(p) == 2 else p[0] for p in pairs]
    return level[0]


@given(LEAVES)
def test_the_root_follows_the_rule(leaves):
    assert root_of(leaves) == plain_root(leaves)


@given(LEAVES, st.data())
def test_every_leaf_climbs_to_the_root(leaves, data):
    leaf = data.draw(st.sampled_from(leaves))
    assert climbed(leaf, path_of(leaves, leaf)) == root_of(leaves)


@given(LEAVES, st.binary(min_size=32, max_size=32), st.data())
def test_nothing_else_climbs_to_the_root(leaves, stranger, data):
    leaf = data.draw(st.sampled_from(leaves))
    path = path_of(leaves, leaf)
    if stranger != leaf:
        assert climbed(stranger, path) != root_of(leaves)
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        changed = [*path[:place], bytes(32), *path[place + 1 :]]
        assert climbed(leaf, changed) != root_of(leaves)
        assert climbed(leaf, path[:-1]) != root_of(leaves)
    assert climbed(leaf, [*path, bytes(32)]) != root_of(leaves)


@given(LEAVES.filter(lambda leaves: len(leaves) > 1))
def test_no_node_passes_for_a_leaf(leaves):
    """A node's content begins with 1, a leaf's with 0: no salt and hash make a leaf out of it."""
    pair = sorted(leaves[:2])
    node = keccak(b"\x01" + b"".join(pair))
    assert leaf_of(pair[1], salt=pair[0]) != node


@given(LEAVES, st.binary(min_size=32, max_size=32))
def test_another_leaf_makes_another_root(leaves, further):
    if further not in leaves:
        assert root_of([*leaves, further]) != root_of(leaves)
        assert root_of([further, *leaves[1:]]) != root_of(leaves)


def test_the_file_is_what_its_script_writes():
    assert vectors() == VECTORS


@pytest.mark.parametrize("told", VECTORS["sets"], ids=lambda told: told["name"])
def test_another_platform_computes_the_same_root(told):
    """From the file alone, with nothing of this project: encoding, salts, leaves, order, root."""
    key, leaves = bytes.fromhex(VECTORS["key"][2:]), []
    for row in told["leaves"]:
        content = content_hash(row["entry"])
        assert content.hex() == row["content_hash"][2:]
        assert salt_of(content, key).hex() == row["salt"][2:]
        leaves.append(keccak(b"\x00" + bytes.fromhex(row["salt"][2:]) + content))
        assert leaves[-1].hex() == row["leaf"][2:]
    assert leaves == sorted(leaves)
    assert plain_root(leaves).hex() == told["root"][2:]
    for row in told["leaves"]:
        found = bytes.fromhex(row["leaf"][2:])
        for beside in row["path"]:
            found = keccak(b"\x01" + b"".join(sorted([found, bytes.fromhex(beside[2:])])))
        assert found.hex() == told["root"][2:]


def content_hash(entry):
    if entry["type"] == "invoice":
        return bytes.fromhex(entry["documents_hash"][2:])
    if entry["type"] == "field":
        return keccak(tokens("duebill-field-1", entry["name"], entry["value"]))
    parts = entry["kind"], entry["name"], entry["media_type"], str(entry["size"]), entry["hash"]
    return keccak(tokens("duebill-file-1", *parts))


def tokens(*texts):
    return b"".join(f"{len(text.encode())}:{text}".encode() for text in texts)


def salt_of(content, key):
    from hashlib import blake2b  # noqa: PLC0415 - beside the rule that it is

    return blake2b(b"duebill document salt" + content, key=key, digest_size=32).digest()
