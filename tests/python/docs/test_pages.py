"""The pages fit each other, the code and the tests."""

import re
import tomllib
from pathlib import Path

import pytest
import threat_list

from duebill import artifacts, roles
from duebill.deployment import Role
from duebill.model import Status

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
THREATS = threat_list.PAGE.read_text("utf-8")

# Terms of the contracts' interface that are no type.
TERMS = """
    receivable voucher obligor creditor holder financier guarantor hop split programme pay redeem
    registrar supervisor verifier gate custodian payee granule coverage surplus advance reimburse
    extinguish claim claimed carry enforcer office operator party consent attestation attest lineage
    currency unit owed freeze seize pause renderer RoleManager acceptance accept issue transfer merge
    grace tenor default outstanding slot salt evidence recourse pledge assignment start sweep
"""
CHINESE = """
    应收账款 电子债权凭证 多级流转 保兑 保理 再保理 核心企业 供应商 兑付 拆分 转让 质押 追索权 到期日 宽限期 确权
    债务人 债权人 持有人 保证人 监管方 代偿 逾期 冻结
"""

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def anchor(heading):
    """What a heading's anchor is: its letters, digits and hyphens, spaces as hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def broken_links(page):
    text = _FENCE.sub("", page.read_text("utf-8"))
    for link in _LINK.findall(text):
        where, _, part = link.partition("#")
        if where.startswith(("http://", "https://", "mailto:")):
            continue
        target = (page.parent / where).resolve() if where else page
        headings = _HEADING.findall(target.read_text("utf-8")) if part and target.exists() else ()
        if not target.exists() or (part and part not in map(anchor, headings)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    assert list(broken_links(page)) == []


def test_a_broken_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A b\n[1](none.md) [2](page.md#a-b) [3](#c) ```x``` [4](https://example.org)\n"
    )

    assert list(broken_links(page)) == ["none.md", "#c"]


def test_the_index_lists_every_page():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    pages = {path.name for path in ROOT.glob("docs/*.md")} - {"index.md"}

    assert pages <= set(_LINK.findall(index))


def test_make_knows_the_commands_that_pages_name():
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"(?:`| {4})make ([a-z]+)\b", page.read_text("utf-8")))
        assert named <= known, page


def test_tests_that_pages_name_are_there():
    known = {name for names in threat_list.tests().values() for name in names}
    for page in PAGES:
        named = re.findall(r"`((?:test|invariant)_\w*[a-z0-9])`", page.read_text("utf-8"))
        assert set(named) <= known, page


def test_scripts_that_pages_name_are_there():
    for page in PAGES:
        for named in re.findall(r"\.venv/bin/python ([\w/]+\.py)", page.read_text("utf-8")):
            assert (ROOT / named).is_file(), page


def test_the_changelog_has_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)

    assert versions[0] == project["version"]
    assert "## [Unreleased]" in changelog


# -- glossary -----------------------------------------------------------------------------------


def defined():
    """The terms of the glossary: the first column, its words and its code, one by one."""
    cells = re.findall(r"^\| (.+?) \| (.+?) \| .+ \|$", GLOSSARY, re.MULTILINE)
    english = {word.strip(" `") for cell, _ in cells for word in re.split(r"·|,", cell)}
    chinese = {word for _, cell in cells for word in re.findall(r"[\u4e00-\u9fff]+", cell)}
    return english, chinese


def test_the_glossary_has_every_term():
    english, chinese = defined()
    types = (ROOT / "contracts/types" / name for name in ("DataTypes.sol", "FinanceTypes.sol"))
    text = "\n".join(path.read_text("utf-8") for path in types)
    structs = re.findall(r"^(?:struct|enum) (\w+)", text, re.MULTILINE)
    statuses = [status.name.capitalize() for status in Status]
    powers = [role.name.lower().replace("_", " ") for role in Role if role.name.isalpha()]
    wanted = {*TERMS.split(), *structs, *statuses, *powers, *roles.__all__}

    assert wanted - english == set()
    assert set(CHINESE.split()) - chinese == set()


def test_terms_are_defined_once():
    cells = re.findall(r"^\| (.+?) \| .+? \| .+ \|$", GLOSSARY, re.MULTILINE)
    terms = [cell for cell in cells if cell not in {"term", "---"}]

    assert len(terms) == len(set(terms))


# -- threats ------------------------------------------------------------------------------------


def test_the_list_of_tests_is_that_of_the_tests():
    assert THREATS.partition(threat_list.MARK)[2] == threat_list.rendered()


def test_every_threat_has_a_test_or_waits():
    """Numbers 1 to 69 stand once each; what waits has no test, everything else has one."""
    now, _, later = THREATS.partition("## Tests")[0].partition("## Not yet")
    answered, waiting = threat_list.rows(now), threat_list.rows(later)
    tested = set(threat_list.by_threat())

    assert sorted(answered + waiting)[:69] == list(range(1, 70))
    assert len(answered + waiting) == len({*answered, *waiting})
    assert tested == set(answered)


# -- standards ----------------------------------------------------------------------------------

ERC721 = {
    "balanceOf(address)",
    "ownerOf(uint256)",
    "safeTransferFrom(address,address,uint256,bytes)",
    "safeTransferFrom(address,address,uint256)",
    "transferFrom(address,address,uint256)",
    "approve(address,uint256)",
    "setApprovalForAll(address,bool)",
    "getApproved(uint256)",
    "isApprovedForAll(address,address)",
}
METADATA = {"name()", "symbol()", "tokenURI(uint256)"}
ERC165 = {"supportsInterface(bytes4)"}


def interface_id(artifact, *, of=None, without=frozenset()):
    """ERC-165: the exclusive or of an interface's own selectors, without those it inherits."""
    known = artifacts.load(artifact).method_identifiers
    found = 0
    for signature in (of or known.keys()) - without:
        found ^= int(known[signature], 16)
    return f"0x{found:08x}"


def test_the_identifiers_are_those_of_the_abis():
    text = (ROOT / "docs" / "standards.md").read_text("utf-8")
    named = dict(re.findall(r"^\| (ERC-[^|]+?) \| [^|]+ \| `(0x\w{8})` \|", text, re.MULTILINE))

    assert named == {
        "ERC-165": interface_id("IERC3525", of=ERC165),
        "ERC-721": interface_id("IERC3525", of=ERC721),
        "ERC-721 Metadata": interface_id("IERC3525", of=METADATA),
        "ERC-3525": interface_id("IERC3525", without=ERC721 | METADATA | ERC165),
        "ERC-3525 Metadata": interface_id("IERC3525Metadata"),
        "ERC-3525 Receiver": interface_id("IERC3525Receiver"),
        "ERC-7943": interface_id("IERC7943NonFungible"),
    }
