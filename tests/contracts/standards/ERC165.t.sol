// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC3525Metadata} from "contracts/interfaces/IERC3525Metadata.sol";
import {IERC3525Receiver} from "contracts/interfaces/IERC3525Receiver.sol";
import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/interfaces/IERC721Metadata.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

import {LedgerTest} from "../LedgerTest.sol";

/// @notice ERC-165: what the ledger says that it is, by the identifiers that the standards print.
contract ERC165Test is LedgerTest {
    function test_identifiers_are_those_of_the_standards() external pure {
        assertEq(type(IERC165).interfaceId, bytes4(0x01ffc9a7));
        assertEq(type(IERC721).interfaceId, bytes4(0x80ac58cd));
        assertEq(type(IERC721Metadata).interfaceId, bytes4(0x5b5e139f));
        assertEq(type(IERC3525).interfaceId, bytes4(0xd5358140));
        assertEq(type(IERC3525Metadata).interfaceId, bytes4(0xe1600902));
        assertEq(type(IERC3525Receiver).interfaceId, bytes4(0x009ce20b));
        assertEq(type(IERC7943NonFungible).interfaceId, bytes4(0xbf1ef5fe));
    }

    function test_all_that_is_implemented_is_announced() external view {
        bytes4[6] memory ids =
            [bytes4(0x01ffc9a7), 0x80ac58cd, 0x5b5e139f, 0xd5358140, 0xe1600902, 0xbf1ef5fe];
        for (uint256 i = 0; i < ids.length; ++i) {
            assertTrue(ledger.supportsInterface(ids[i]));
        }
    }

    function test_nothing_else_is_announced(bytes4 id) external view {
        bytes4[6] memory ids =
            [bytes4(0x01ffc9a7), 0x80ac58cd, 0x5b5e139f, 0xd5358140, 0xe1600902, 0xbf1ef5fe];
        for (uint256 i = 0; i < ids.length; ++i) {
            vm.assume(id != ids[i]);
        }
        assertFalse(ledger.supportsInterface(id));
    }

    function test_the_invalid_identifier_is_denied() external view {
        assertFalse(ledger.supportsInterface(0xffffffff));
        assertTrue(ERC165Checker.supportsERC165(address(ledger)));
    }

    function test_answering_takes_less_than_30000_gas() external view {
        uint256 before = gasleft();
        ledger.supportsInterface(0xffffffff);
        assertLt(before - gasleft(), 30_000);
    }
}
