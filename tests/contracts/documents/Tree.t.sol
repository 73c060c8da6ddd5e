// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";

import {Terms} from "contracts/types/DataTypes.sol";
import {DocumentTest} from "./DocumentTest.sol";

/// @notice Proofs of one document without the rest, against a tree that is built level by level.
contract TreeTest is DocumentTest {
    uint256 private constant _MOST = 12;

    /* THE RULES */

    function test_a_leaf_is_the_hash_of_zero_salt_and_content() external view {
        bytes32 salt = bytes32(uint256(1));
        bytes32 content = bytes32(uint256(2));
        assertEq(book.leafOf(salt, content), keccak256(abi.encodePacked(bytes1(0), salt, content)));
    }

    function test_the_only_leaf_is_the_root() external view {
        assertTrue(book.isIncluded(LEAF, LEAF, new bytes32[](0)));
        assertFalse(book.isIncluded(ROOT, LEAF, new bytes32[](0)));
    }

    /// @dev Computed by hand, node by node: the same vectors stand in the client's tests.
    function test_three_leaves_make_the_known_root() external view {
        bytes32[] memory leaves = _leaves(0, 3);
        (bytes32 low, bytes32 high) =
            leaves[0] < leaves[1] ? (leaves[0], leaves[1]) : (leaves[1], leaves[0]);
        bytes32 pair = keccak256(abi.encodePacked(bytes1(0x01), low, high));
        (low, high) = pair < leaves[2] ? (pair, leaves[2]) : (leaves[2], pair);
        bytes32 root = keccak256(abi.encodePacked(bytes1(0x01), low, high));
        assertEq(_rootOf(leaves), root);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = pair;
        assertTrue(book.isIncluded(root, leaves[2], proof));
    }

    /* ANY TREE */

    function test_fuzz_every_leaf_is_proved_and_nothing_else(uint256 seed, uint256 count)
        external
        view
    {
        bytes32[] memory leaves = _leaves(seed, bound(count, 1, _MOST));
        bytes32 root = _rootOf(leaves);
        for (uint256 i = 0; i < leaves.length; ++i) {
            bytes32[] memory proof = _proofOf(leaves, i);
            assertTrue(book.isIncluded(root, leaves[i], proof));
            assertFalse(book.isIncluded(root, keccak256(abi.encode(leaves[i])), proof));
            if (proof.length == 0) continue;
            proof[seed % proof.length] ^= bytes32(uint256(1) << (seed % 256));
            assertFalse(book.isIncluded(root, leaves[i], proof));
        }
    }

    function test_fuzz_a_proof_of_another_leaf_proves_nothing(uint256 seed, uint256 count)
        external
        view
    {
        bytes32[] memory leaves = _leaves(seed, bound(count, 2, _MOST));
        bytes32 root = _rootOf(leaves);
        uint256 i = seed % leaves.length;
        uint256 j = (i + 1 + (seed >> 8) % (leaves.length - 1)) % leaves.length;
        assertFalse(book.isIncluded(root, leaves[i], _proofOf(leaves, j)));
    }

    function test_threat_70_a_node_does_not_pass_for_a_document(bytes32 salt, bytes32 content)
        external
        view
    {
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = book.leafOf(salt, content);
        leaves[1] = LEAF;
        // Who claims that the two leaves are salt and content of a document gets another hash.
        assertNotEq(book.leafOf(leaves[0], leaves[1]), _rootOf(leaves));
        assertNotEq(book.leafOf(leaves[1], leaves[0]), _rootOf(leaves));
    }

    function test_no_root_includes_nothing() external view {
        assertFalse(book.isIncluded(0, 0, new bytes32[](0)));
    }

    /* OF A RECEIVABLE */

    function test_a_document_of_issued_terms_is_proved() external {
        (Terms memory terms, bytes32[] memory leaves) = _documented();
        assertFalse(book.isDocumentOf(terms, leaves[3], _proofOf(leaves, 3)));
        _issued(terms);
        assertTrue(book.isDocumentOf(terms, leaves[3], _proofOf(leaves, 3)));
        assertFalse(book.isDocumentOf(terms, leaves[2], _proofOf(leaves, 3)));
    }

    function test_a_document_of_other_terms_is_not() external {
        (Terms memory terms, bytes32[] memory leaves) = _documented();
        _issued(terms);
        terms.documentsRoot = leaves[3];
        assertFalse(book.isDocumentOf(terms, leaves[3], new bytes32[](0)));
    }

    function test_terms_without_documents_have_none() external {
        Terms memory terms = _terms();
        terms.documentsRoot = 0;
        _issued(terms);
        assertFalse(book.isDocumentOf(terms, 0, new bytes32[](0)));
    }

    /* A TREE, NAIVELY */

    function _documented() private returns (Terms memory terms, bytes32[] memory leaves) {
        leaves = _leaves(7, 5);
        terms = _terms();
        terms.documentsRoot = _rootOf(leaves);
    }

    function _leaves(uint256 seed, uint256 count) private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = book.leafOf(keccak256(abi.encode(seed, i)), bytes32(i));
        }
    }

    function _rootOf(bytes32[] memory level) private pure returns (bytes32) {
        while (level.length > 1) {
            level = _above(level);
        }
        return level[0];
    }

    function _above(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            above[i] =
                2 * i + 1 == level.length ? level[2 * i] : _node(level[2 * i], level[2 * i + 1]);
        }
    }

    function _node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        if (a > b) (a, b) = (b, a);
        return keccak256(abi.encodePacked(bytes1(0x01), a, b));
    }

    function _proofOf(bytes32[] memory level, uint256 i)
        private
        pure
        returns (bytes32[] memory proof)
    {
        bytes32[] memory siblings = new bytes32[](8);
        uint256 length;
        for (; level.length > 1; (level, i) = (_above(level), i / 2)) {
            if (i ^ 1 < level.length) siblings[length++] = level[i ^ 1];
        }
        proof = new bytes32[](length);
        for (uint256 k = 0; k < length; ++k) {
            proof[k] = siblings[k];
        }
    }
}
