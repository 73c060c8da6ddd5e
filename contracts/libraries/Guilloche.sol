// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title Guilloche
/// @notice The ornament of a voucher as SVG: lace and braids as on banknotes, drawn by a number. Two
/// numbers that differ give patterns that differ to the eye more often than not.
/// @dev All that goes into the text are numbers and colours made here.
library Guilloche {
    using Strings for uint256;

    // Eight inks that print well: teal, blue, violet, claret, green, bronze, petrol, slate.
    bytes private constant _INKS = hex"175c66234e8a5a3d7a7d2f3f2f6242745a1f1f5a7a464f6e";

    // Angles between the ellipses of a rosette; each divides 360.
    bytes private constant _STEPS = hex"0506080a";

    /// @notice The ink that a seed chooses.
    function ink(uint256 seed) internal pure returns (string memory) {
        return color(_INKS, seed % 8);
    }

    /// @notice One colour of a table of three bytes each, as `#rrggbb`.
    function color(bytes memory table, uint256 index) internal pure returns (string memory) {
        bytes memory text = new bytes(7);
        bytes16 digits = "0123456789abcdef";
        text[0] = "#";
        for (uint256 i = 0; i < 3; ++i) {
            uint8 part = uint8(table[3 * index + i]);
            text[2 * i + 1] = digits[part >> 4];
            text[2 * i + 2] = digits[part & 15];
        }
        return string(text);
    }

    /// @notice What the other drawings refer to: rosette `#r`, braid `#b` and its upright `#v`, ground `#f`.
    function definitions(uint256 seed, string memory stroke) internal pure returns (string memory) {
        return string.concat(
            "<g id='p'>",
            _ellipse(96, 62, 14 + ((seed >> 8) % 28)),
            _ellipse(58 + ((seed >> 16) % 20), 34, 8 + ((seed >> 24) % 22)),
            _ellipse(20 + ((seed >> 32) % 12), 30, 6 + ((seed >> 40) % 14)),
            "</g><g id='r' fill='none' stroke='",
            stroke,
            "' stroke-width='.6'>",
            _turns(uint8(_STEPS[seed % 4])),
            "</g>",
            _braid(seed >> 48, stroke),
            _ground(seed >> 64, stroke)
        );
    }

    /// @dev One ellipse, its centre `distance` from the middle of the rosette.
    function _ellipse(uint256 distance, uint256 rx, uint256 ry)
        private
        pure
        returns (string memory)
    {
        return string.concat(
            "<ellipse cx='",
            distance.toString(),
            "' rx='",
            rx.toString(),
            "' ry='",
            ry.toString(),
            "'/>"
        );
    }

    /// @dev The ellipses, turned about the middle.
    function _turns(uint256 step) private pure returns (string memory text) {
        for (uint256 angle = 0; angle < 360; angle += step) {
            text =
                string.concat(text, "<use href='#p' transform='rotate(", angle.toString(), ")'/>");
        }
    }

    /// @dev Sine-like strands out of step, 48 wide and 24 high, lying and upright.
    function _braid(uint256 seed, string memory stroke) private pure returns (string memory) {
        string memory strands;
        uint256 step = 4 + 2 * (seed % 3);
        string memory height = (20 + ((seed >> 8) % 4)).toString();
        for (uint256 shift = 0; shift < 48; shift += step) {
            strands = string.concat(
                strands,
                "M-",
                (96 - shift).toString(),
                " 12q12-",
                height,
                " 24 0t24 0t24 0t24 0t24 0t24 0t24 0"
            );
        }
        return string.concat(
            "<pattern id='b' width='48' height='24' y='20' patternUnits='userSpaceOnUse'><path d='",
            strands,
            "' fill='none' stroke='",
            stroke,
            "' stroke-width='.7'/></pattern>"
            "<pattern id='v' href='#b' patternTransform='translate(16) rotate(90)'/>"
        );
    }

    /// @dev Fine waves that cover the paper.
    function _ground(uint256 seed, string memory stroke) private pure returns (string memory) {
        string memory bend = (6 + (seed % 12)).toString();
        return string.concat(
            "<pattern id='f' width='120' height='6' patternUnits='userSpaceOnUse'>"
            "<path d='M0 3q30-",
            bend,
            " 60 0t60 0M0 9q30-",
            bend,
            " 60 0t60 0M0-3q30-",
            bend,
            " 60 0t60 0' fill='none' stroke='",
            stroke,
            "' stroke-width='.4' opacity='.45'/></pattern>"
        );
    }
}
