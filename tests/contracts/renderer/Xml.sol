// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

/// @title Xml
/// @notice Whether a text is well-formed XML, as far as our pictures use it: elements, attributes in
/// single quotes, text without `&`. Reverts at the first fault.
library Xml {
    /// @notice Thrown at the first character that is out of place.
    error Malformed(uint256 position);

    struct Scan {
        bytes text;
        uint256 position;
        uint256 depth;
        bytes32[32] open;
    }

    /// @return elements How many elements there are.
    function count(string memory text) internal pure returns (uint256 elements) {
        Scan memory s;
        s.text = bytes(text);
        while (s.position < s.text.length) {
            if (s.text[s.position] != "<") {
                _text(s);
            } else if (s.text[s.position + 1] == "/") {
                _end(s);
            } else {
                _start(s);
                ++elements;
            }
        }
        _expect(s, s.depth == 0);
    }

    /// @dev A character between tags, which must lie within the root.
    function _text(Scan memory s) private pure {
        bytes1 c = s.text[s.position];
        _expect(s, s.depth != 0 && c != "&" && c != ">");
        ++s.position;
    }

    function _start(Scan memory s) private pure {
        // There is one root.
        _expect(s, s.depth != 0 || s.position == 0);
        ++s.position;
        bytes32 name = _name(s);
        while (s.text[s.position] == " ") _attribute(s);
        if (s.text[s.position] == "/") {
            ++s.position;
        } else {
            s.open[s.depth++] = name;
        }
        _take(s, ">");
    }

    function _end(Scan memory s) private pure {
        s.position += 2;
        bytes32 name = _name(s);
        _expect(s, s.depth != 0 && s.open[--s.depth] == name);
        _take(s, ">");
    }

    function _attribute(Scan memory s) private pure {
        _take(s, " ");
        _name(s);
        _take(s, "=");
        _take(s, "'");
        while (s.text[s.position] != "'") {
            _expect(s, s.text[s.position] != "<" && s.text[s.position] != "&");
            ++s.position;
        }
        _take(s, "'");
    }

    /// @dev The hash of a name of letters, digits and hyphens.
    function _name(Scan memory s) private pure returns (bytes32 hash) {
        uint256 start = s.position;
        while (_isNameCharacter(s.text[s.position])) {
            hash = keccak256(abi.encode(hash, s.text[s.position++]));
        }
        _expect(s, s.position != start);
    }

    function _isNameCharacter(bytes1 c) private pure returns (bool) {
        return
            (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || (c >= "0" && c <= "9") || c == "-";
    }

    function _take(Scan memory s, bytes1 c) private pure {
        _expect(s, s.text[s.position] == c);
        ++s.position;
    }

    function _expect(Scan memory s, bool holds) private pure {
        require(holds, Malformed(s.position));
    }
}
