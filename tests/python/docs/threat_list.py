"""The list of tests in docs/threats.md. Run it to write the list anew."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "threats.md"
MARK = "<!-- tests -->\n"

_TESTS = re.compile(r"^\s*(?:function|def) ((?:test|invariant)\w*)", re.MULTILINE)
_NUMBER = re.compile(r"threat_(\d+)")
_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)


def tests() -> dict[str, list[str]]:
    """Every test's name, by file."""
    files = (*ROOT.glob("tests/**/*.sol"), *ROOT.glob("tests/**/test_*.py"))
    return {
        str(path.relative_to(ROOT)): _TESTS.findall(path.read_text("utf-8"))
        for path in sorted(files)
    }


def by_threat() -> dict[int, dict[str, list[str]]]:
    """The tests that bear a threat's number, by number and file."""
    found: dict[int, dict[str, list[str]]] = {}
    for file, names in tests().items():
        for name in names:
            for number in _NUMBER.findall(name):
                found.setdefault(int(number), {}).setdefault(file, []).append(name)
    return dict(sorted(found.items()))


def rows(section: str) -> list[int]:
    """The numbers in the tables of a section's text."""
    return [int(number) for number in _ROW.findall(section)]


def rendered() -> str:
    """The list as it has to stand on the page."""
    lines = ["", "| no | file | tests |", "| ---: | --- | --- |"]
    for number, files in by_threat().items():
        for file, names in files.items():
            listed = ", ".join(f"`{name}`" for name in names)
            lines.append(f"| {number} | [{Path(file).name}](../{file}) | {listed} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the list anew."""
    before, mark, _ = PAGE.read_text("utf-8").partition(MARK)
    PAGE.write_text(before + mark + rendered(), "utf-8")


if __name__ == "__main__":
    main()
