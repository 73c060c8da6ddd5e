// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {Vm} from "forge-std/Vm.sol";

import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {Invoice, InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Any sequence of registrations, uses, releases, credit notes and cancellations by two platforms
/// over two ledgers and something elsewhere: each act is foretold by a model of its own, which knows nothing
/// but sums; invariant 7 holds after each step; whatever is issued is covered; events rebuild all.
contract CampaignTest is RegistryTest {
    uint256 private constant _STEPS = 24;
    uint256 private constant _KEYS = 3;
    uint256 private constant _SUBJECTS = 5;
    uint80 private constant _SIZE = 100;

    /// @dev What an invoice is thought to be.
    struct Thought {
        InvoiceState state;
        uint256 owner;
        uint256 used;
        uint256 credited;
    }

    address[2] private _platforms;
    uint32[2] private _numbers;
    IReceivableLedger[2] private _ledgers;
    // Subjects 0 and 1 are receivables of the first ledger, 2 and 3 of the second, 4 is elsewhere.
    Terms[4] private _theirTerms;
    bytes32[5] private _subjects;
    bool[4] private _issuedThere;
    uint256 private _notes;

    mapping(bytes32 key => Thought) private _thoughts;
    mapping(bytes32 key => mapping(uint256 platform => mapping(uint256 subject => uint256))) private
        _thoughtUses;
    mapping(bytes32 key => Thought) private _rebuilt;
    mapping(bytes32 key => mapping(bytes32 use => uint256)) private _rebuiltUses;

    function setUp() public override {
        super.setUp();
        _platforms = [harbour, meadow];
        _numbers = [harbourNumber, meadowNumber];
        _ledgers = [ledger, _secondLedger()];
        for (uint256 i = 0; i < 4; ++i) {
            _theirTerms[i] = _termsOf(_SIZE * 3 / 2);
            _theirTerms[i].programme = i < 2 ? guarded : 1;
            _subjects[i] = _subject(ledger.idOf(_theirTerms[i]));
        }
        _subjects[4] = ELSEWHERE;
    }

    function test_invariant_7_fuzz_no_sequence_uses_an_invoice_beyond_its_total(uint256 seed)
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
        uint256 act = seed % 16;
        uint256 who = (seed >> 8) % 2;
        bytes32 key = _keyAt((seed >> 16) % _KEYS);
        uint256 subject = (seed >> 24) % _SUBJECTS;
        uint80 amount = uint80(bound(seed >> 32, 1, _SIZE));
        if (act < 3) _registerAndCompare(who, key);
        else if (act < 9) _useAndCompare(who, key, subject, amount);
        else if (act < 12) _releaseAndCompare(who, key, subject);
        else if (act == 12) _reduceAndCompare(who, key, amount / 4 + 1);
        else if (act == 13 && (seed >> 128) % 4 == 0) _cancelAndCompare(who, key);
        else if (act == 14) _issueAndCompare(subject % 4);
        else _withdraw(subject % 4);
    }

    function _registerAndCompare(uint256 who, bytes32 key) private {
        Thought storage thought = _thoughts[key];
        if (thought.state == InvoiceState.Void) _expectVoid(key);
        if (thought.state == InvoiceState.None) {
            thought.state = InvoiceState.Registered;
            thought.owner = who;
        }
        _registerAs(_platforms[who], key, _SIZE);
    }

    function _useAndCompare(uint256 who, bytes32 key, uint256 subject, uint80 amount) private {
        Thought storage thought = _thoughts[key];
        uint256 left = _SIZE - thought.used - thought.credited;
        if (thought.state == InvoiceState.Void) {
            _expectVoid(key);
        } else if (thought.state == InvoiceState.None) {
            _expectNotRegistered(key);
        } else if (_statusAt(subject) == Status.Cancelled) {
            vm.expectPartialRevert(IInvoiceRegistry.ReceivableIsOver.selector);
        } else if (amount > left) {
            _expectExceeded(key, left, amount - left);
        } else {
            thought.used += amount;
            _thoughtUses[key][who][subject] += amount;
        }
        vm.prank(_platforms[who]);
        registry.use(key, _ledgerAt(subject), _subjects[subject], amount);
    }

    function _releaseAndCompare(uint256 who, bytes32 key, uint256 subject) private {
        uint256 amount = _thoughtUses[key][who][subject];
        if (amount == 0) {
            vm.expectPartialRevert(IInvoiceRegistry.NothingUsed.selector);
        } else if (_statusAt(subject) == Status.Issued) {
            vm.expectPartialRevert(IInvoiceRegistry.ReceivableStands.selector);
        } else {
            _thoughts[key].used -= amount;
            _thoughtUses[key][who][subject] = 0;
        }
        vm.prank(_platforms[who]);
        registry.release(key, _ledgerAt(subject), _subjects[subject]);
    }

    function _reduceAndCompare(uint256 who, bytes32 key, uint80 amount) private {
        Thought storage thought = _thoughts[key];
        uint256 left = _SIZE - thought.used - thought.credited;
        if (!_expectRefusedToOthers(who, key)) {
            if (amount > left) _expectExceeded(key, left, amount - left);
            else thought.credited += amount;
        }
        vm.prank(_platforms[who]);
        registry.reduce(key, keccak256(abi.encode("note", ++_notes)), amount);
    }

    function _cancelAndCompare(uint256 who, bytes32 key) private {
        if (!_expectRefusedToOthers(who, key)) _thoughts[key].state = InvoiceState.Void;
        vm.prank(_platforms[who]);
        registry.cancel(key);
    }

    function _expectRefusedToOthers(uint256 who, bytes32 key) private returns (bool refused) {
        Thought memory thought = _thoughts[key];
        refused = true;
        if (thought.state == InvoiceState.Void) _expectVoid(key);
        else if (thought.state == InvoiceState.None) _expectNotRegistered(key);
        else if (thought.owner == who) refused = false;
        else vm.expectPartialRevert(IInvoiceRegistry.NotItsRegistrant.selector);
    }

    /// @dev The first ledger's programme requires the registry, the second's does not.
    function _issueAndCompare(uint256 subject) private {
        if (_issuedThere[subject]) return;
        Terms memory terms = _theirTerms[subject];
        if (subject < 2 && _thoughtSum(subject) < terms.face) {
            vm.expectPartialRevert(bytes4(keccak256("InvoicesMissing(uint192,uint256,uint256)")));
        } else {
            _issuedThere[subject] = true;
        }
        vm.prank(creditor);
        IReceivableLedger(_ledgerAt(subject)).issue(terms);
    }

    function _withdraw(uint256 subject) private {
        if (_statusAt(subject) != Status.Issued) return;
        ReceivableId id = ledger.idOf(_theirTerms[subject]);
        vm.prank(creditor);
        IReceivableLedger(_ledgerAt(subject)).cancel(id);
    }

    /* WHAT MUST HOLD */

    function _assertAsThought() private view {
        for (uint256 k = 0; k < _KEYS; ++k) {
            bytes32 key = _keyAt(k);
            Thought memory thought = _thoughts[key];
            _assertInvoice(key, thought.state, uint80(thought.used), uint80(thought.credited));
            assertEq(thought.used, _thoughtTotal(key), "used is the sum of its uses");
        }
        for (uint256 subject = 0; subject < _SUBJECTS; ++subject) {
            uint256 sum = _thoughtSum(subject);
            assertEq(registry.usedFor(_ledgerAt(subject), _subjects[subject], EUR), sum);
            if (subject < 2 && _statusAt(subject) == Status.Issued) {
                assertGe(sum, _theirTerms[subject].face, "what stands is covered");
            }
        }
    }

    function _thoughtTotal(bytes32 key) private view returns (uint256 total) {
        for (uint256 subject = 0; subject < _SUBJECTS; ++subject) {
            total += _thoughtUses[key][0][subject] + _thoughtUses[key][1][subject];
        }
    }

    function _thoughtSum(uint256 subject) private view returns (uint256 sum) {
        for (uint256 k = 0; k < _KEYS; ++k) {
            bytes32 key = _keyAt(k);
            sum += _thoughtUses[key][0][subject] + _thoughtUses[key][1][subject];
        }
    }

    /// @dev All that the registry knows, from its events alone.
    function _assertRebuilt() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(registry)) _replay(logs[i]);
        }
        for (uint256 k = 0; k < _KEYS; ++k) {
            bytes32 key = _keyAt(k);
            Invoice memory invoice = registry.invoiceOf(key);
            Thought memory rebuilt = _rebuilt[key];
            assertEq(uint8(rebuilt.state), uint8(invoice.state), "rebuilt state");
            assertEq(rebuilt.owner, invoice.registrant, "rebuilt registrant");
            assertEq(rebuilt.used, invoice.used, "rebuilt used");
            assertEq(rebuilt.credited, invoice.credited, "rebuilt credited");
            for (uint256 subject = 0; subject < _SUBJECTS; ++subject) {
                _assertRebuiltUse(key, 0, subject);
                _assertRebuiltUse(key, 1, subject);
            }
        }
    }

    function _assertRebuiltUse(bytes32 key, uint256 who, uint256 subject) private view {
        bytes32 named =
            keccak256(abi.encode(uint256(_numbers[who]), _ledgerAt(subject), _subjects[subject]));
        uint80 use = registry.useOf(key, _numbers[who], _ledgerAt(subject), _subjects[subject]);
        assertEq(_rebuiltUses[key][named], use, "rebuilt use");
    }

    function _replay(Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        Thought storage rebuilt = _rebuilt[log.topics[1]];
        if (topic == IInvoiceRegistry.InvoiceRegistered.selector) {
            rebuilt.state = InvoiceState.Registered;
            rebuilt.owner = uint256(log.topics[2]);
        } else if (topic == IInvoiceRegistry.InvoiceReduced.selector) {
            rebuilt.credited += abi.decode(log.data, (uint80));
        } else if (topic == IInvoiceRegistry.InvoiceVoided.selector) {
            rebuilt.state = InvoiceState.Void;
            assertEq(abi.decode(log.data, (uint80)), rebuilt.used, "told at its end");
        } else {
            (bytes32 subject, uint80 amount) = abi.decode(log.data, (bytes32, uint80));
            bytes32 named = keccak256(abi.encode(log.topics[2], log.topics[3], subject));
            bool used = topic == IInvoiceRegistry.InvoiceUsed.selector;
            rebuilt.used = used ? rebuilt.used + amount : rebuilt.used - amount;
            uint256 before = _rebuiltUses[log.topics[1]][named];
            _rebuiltUses[log.topics[1]][named] = used ? before + amount : before - amount;
        }
    }

    /* WHAT IS WHERE */

    function _keyAt(uint256 k) private pure returns (bytes32) {
        return keccak256(abi.encode("invoice", k));
    }

    function _ledgerAt(uint256 subject) private view returns (address) {
        return subject == 4 ? address(0) : address(_ledgers[subject / 2]);
    }

    function _statusAt(uint256 subject) private view returns (Status) {
        if (subject == 4) return Status.None;
        ReceivableId id = ledger.idOf(_theirTerms[subject]);
        return _ledgers[subject / 2].statusOf(id);
    }

    function _secondLedger() private returns (IReceivableLedger second) {
        second = _newLedger(address(roles));
        second.addCurrency("EUR", address(cash), address(0), 6);
        second.verifyParty(obligor, FOREVER, REASON);
        second.verifyParty(creditor, FOREVER, REASON);
        Programme memory rules = _programme();
        second.createProgramme(rules);
    }
}
