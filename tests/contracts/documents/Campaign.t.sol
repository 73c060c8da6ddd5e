// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";
import {Vm} from "forge-std/Vm.sol";

import {Attestation} from "contracts/types/DocumentTypes.sol";
import {Lacking, Stage} from "contracts/types/GateTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {RulesTest} from "../gate/RulesTest.sol";

/// @notice Any sequence of signatures, attestations, revocations and days, with every signature ever made brought
/// again at any time: each is foretold by a model of its own; invariant D1 holds after each step, a gate
/// counts what the model counts, and events rebuild all.
contract AttestationCampaignTest is RulesTest {
    uint256 private constant _STEPS = 16;

    /// @dev What is thought of a verifier's word for a kind of document.
    struct Thought {
        uint256 until;
        uint256 nonce;
    }

    Attestation[] private _made;
    ReceivableId[2] private _subjects;
    bytes32[2] private _kinds = [INVOICE, DELIVERY];
    mapping(bytes32 word => Thought) private _thoughts;
    mapping(bytes32 word => Thought) private _rebuilt;

    function setUp() public override {
        super.setUp();
        _guard(_rulesWith(_requirement(INVOICE, Stage.Acceptance, 3)));
        _subjects = [_issued(_gatedTerms()), ledger.idOf(_gatedTerms())];
    }

    /// forge-config: ci.fuzz.runs = 500
    function test_invariant_D1_fuzz_no_sequence_revives_or_shortens_an_attestation(uint256 seed)
        external
    {
        vm.recordLogs();
        for (uint256 step = 0; step < _STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(seed);
            _assertAsThought();
        }
        _assertRebuilt();
    }

    /* STEPS */

    function _act(uint256 seed) private {
        uint256 act = seed % 8;
        if (act < 2) _make(seed);
        else if (act < 5) _bringAny(seed >> 8, seed >> 16);
        else if (act == 5) _revokeAny(seed);
        else vm.warp(block.timestamp + (seed >> 64) % 3 days);
    }

    /// @dev Signs; now and then with a number that is yet to come.
    function _make(uint256 seed) private {
        Attestation memory made = _attestation(_subjects[(seed >> 8) % 2]);
        made.kind = _kinds[(seed >> 16) % 2];
        made.verifier = verifiers[(seed >> 24) % 3];
        made.leaf = keccak256(abi.encode(seed % 3));
        made.expiry = uint40(block.timestamp + (seed >> 64) % 6 days);
        made.nonce = _thoughts[_wordOf(made)].nonce + ((seed >> 32) % 8 == 0 ? 1 : 0);
        _made.push(made);
    }

    /// @dev Whatever was signed once is brought, by the verifier or by anyone.
    function _bringAny(uint256 which, uint256 how) private {
        if (_made.length == 0) return;
        Attestation memory brought = _made[which % _made.length];
        bytes memory signature = how % 2 == 0 ? _signed(brought) : bytes("");
        Thought storage thought = _thoughts[_wordOf(brought)];
        if (block.timestamp > brought.expiry) {
            vm.expectPartialRevert(IDocumentBook.AttestationExpired.selector);
        } else if (brought.nonce != thought.nonce) {
            _expectNonceWrong(brought.nonce, thought.nonce);
        } else if (brought.expiry > thought.until) {
            thought.until = brought.expiry;
        }
        vm.prank(how % 2 == 0 ? stranger : brought.verifier);
        book.attest(brought, signature);
    }

    function _revokeAny(uint256 seed) private {
        ReceivableId id = _subjects[(seed >> 8) % 2];
        bytes32 kind = _kinds[(seed >> 16) % 2];
        address verifier = verifiers[(seed >> 24) % 3];
        Thought storage thought = _thoughts[_word(id, kind, verifier)];
        (thought.until, thought.nonce) = (0, thought.nonce + 1);
        _revoke(id, kind, verifier);
    }

    /* WHAT MUST HOLD */

    function _assertAsThought() private view {
        for (uint256 i = 0; i < 12; ++i) {
            (ReceivableId id, bytes32 kind, address verifier) = _at(i);
            Thought memory thought = _thoughts[_word(id, kind, verifier)];
            assertEq(book.attestedUntil(id, kind, verifier), thought.until, "until");
            assertEq(book.nonceOf(id, kind, verifier), thought.nonce, "number");
        }
        _assertCounted(_subjects[0]);
        _assertCounted(_subjects[1]);
    }

    /// @dev The gate counts whose word holds now.
    function _assertCounted(ReceivableId id) private view {
        uint256 held;
        for (uint256 k = 0; k < 3; ++k) {
            if (_thoughts[_word(id, INVOICE, verifiers[k])].until >= block.timestamp) ++held;
        }
        Lacking[] memory lacking = gate.missing(id, Stage.Acceptance);
        assertEq(lacking.length, held == 3 ? 0 : 1, "missing");
        if (held != 3) assertEq(lacking[0].held, held, "held");
    }

    function _assertRebuilt() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(book)) _replay(logs[i]);
        }
        for (uint256 i = 0; i < 12; ++i) {
            (ReceivableId id, bytes32 kind, address verifier) = _at(i);
            Thought memory rebuilt = _rebuilt[_word(id, kind, verifier)];
            assertEq(book.attestedUntil(id, kind, verifier), rebuilt.until, "rebuilt until");
            assertEq(book.nonceOf(id, kind, verifier), rebuilt.nonce, "rebuilt number");
        }
    }

    function _replay(Vm.Log memory log) private {
        bytes32 word = keccak256(abi.encode(log.topics[1], log.topics[3], log.topics[2]));
        Thought storage rebuilt = _rebuilt[word];
        if (log.topics[0] == IDocumentBook.Attested.selector) {
            (, uint256 expiry,) = abi.decode(log.data, (bytes32, uint256, uint256));
            if (expiry > rebuilt.until) rebuilt.until = expiry;
        } else {
            (rebuilt.until, rebuilt.nonce) = (0, abi.decode(log.data, (uint256)));
        }
    }

    /* WHAT IS WHERE */

    function _at(uint256 i) private view returns (ReceivableId, bytes32, address) {
        return (_subjects[i % 2], _kinds[(i / 2) % 2], verifiers[i / 4]);
    }

    function _wordOf(Attestation memory attestation) private pure returns (bytes32) {
        return _word(attestation.receivable, attestation.kind, attestation.verifier);
    }

    function _word(ReceivableId id, bytes32 kind, address verifier) private pure returns (bytes32) {
        return keccak256(abi.encode(id, kind, verifier));
    }
}
