// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Test} from "forge-std/Test.sol";

import {Xml} from "./Xml.sol";

/// @dev The scanner itself: what it must let through, and what it must not.
contract XmlTest is Test {
    function test_counts_elements() external view {
        assertEq(this.count("<a/>"), 1);
        assertEq(this.count("<a b='c' d-e=''><b>text</b><c/></a>"), 3);
    }

    function test_reverts_when_malformed() external {
        string[12] memory texts = [
            "<a>",
            "<a></b>",
            "<a><b></a></b>",
            "</a>",
            "<a/><a/>",
            "text",
            "<a>&amp;</a>",
            "<a>></a>",
            "<a b=c/>",
            "<a b='<'/>",
            "<a b/>",
            "< a/>"
        ];
        for (uint256 i = 0; i < texts.length; ++i) {
            vm.expectPartialRevert(Xml.Malformed.selector);
            this.count(texts[i]);
        }
    }

    function count(string memory text) external pure returns (uint256) {
        return Xml.count(text);
    }
}
