// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {Terms} from "contracts/types/DataTypes.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice ERC-5267: the domain of the ledger's signatures can be read from the ledger.
contract ERC5267Test is LedgerTest {
    function test_the_domain_is_told() external view {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        ) = IERC5267(address(ledger)).eip712Domain();
        assertEq(fields, bytes1(0x0f));
        assertEq(name, "Duebill");
        assertEq(version, "1");
        assertEq(chainId, block.chainid);
        assertEq(verifyingContract, address(ledger));
        assertEq(salt, 0);
        assertEq(extensions.length, 0);
    }

    function test_threat_18_the_domain_follows_a_fork() external {
        Terms memory terms = _terms();
        bytes32 digest = ledger.acceptanceDigest(terms, 1);
        vm.chainId(block.chainid + 1);
        (,,, uint256 chainId,,,) = IERC5267(address(ledger)).eip712Domain();
        assertEq(chainId, block.chainid);
        assertNotEq(ledger.acceptanceDigest(terms, 1), digest);
        vm.chainId(block.chainid - 1);
        assertEq(ledger.acceptanceDigest(terms, 1), digest);
    }
}
