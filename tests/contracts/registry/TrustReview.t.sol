// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";

import {Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice A contract that says of every receivable what it likes, and tries to act while it is asked.
contract FalseLedger {
    IInvoiceRegistry private immutable _registry;
    Status private _answer;
    bytes private _call;

    constructor(IInvoiceRegistry registry) {
        _registry = registry;
    }

    function say(Status answer, bytes calldata call) external {
        (_answer, _call) = (answer, call);
    }

    function statusOf(ReceivableId) external returns (Status) {
        if (_call.length != 0) {
            (bool success,) = address(_registry).call(_call);
            require(success, "cannot act");
        }
        return _answer;
    }
}

/// @notice What a hostile registrant, or a false ledger, can do to invoices, and how far it goes:
/// docs/security/trust-review-1.md.
contract RegistryReviewTest is RegistryTest {
    bytes32 private constant _OTHER = keccak256("an invoice of the hostile one");

    FalseLedger private _false;

    function setUp() public override {
        super.setUp();
        _false = new FalseLedger(registry);
    }

    /* SQUATTING */

    function test_threat_14_who_squats_a_key_with_a_wrong_total_is_on_record() external {
        _registerAs(meadow, KEY, TOTAL - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.InvoiceDiffers.selector, KEY, meadowNumber, TOTAL - 1
            )
        );
        _registerAs(harbour, KEY, TOTAL);
        // What is right of it can be used all the same, and never more.
        _useElsewhere(harbour, KEY, TOTAL - 1);
        _expectExceeded(KEY, 0, 1);
        _useElsewhere(meadow, KEY, 1);
    }

    function test_threat_14_a_key_that_was_squatted_as_a_note_is_no_invoice_any_more() external {
        _registerAs(meadow, _OTHER, TOTAL);
        vm.prank(meadow);
        registry.reduce(_OTHER, KEY, 1);
        _expectKeyTaken(KEY);
        _registerAs(harbour, KEY, TOTAL);
        assertEq(registry.invoiceOf(KEY).registrant, meadowNumber);
    }

    /* FALSE LEDGERS */

    function test_threat_14_what_was_used_for_a_false_ledger_covers_nothing_on_a_true_one()
        external
    {
        _register();
        (Terms memory terms, ReceivableId id) = _guardedTerms(TOTAL);
        vm.prank(meadow);
        registry.use(KEY, address(_false), _subject(id), TOTAL);
        vm.expectRevert();
        _issued(terms);
    }

    function test_what_was_used_for_a_false_ledger_comes_back_only_as_it_pleases() external {
        _register();
        vm.prank(meadow);
        registry.use(KEY, address(_false), ELSEWHERE >> 64, TOTAL);
        _false.say(Status.Settled, "");
        registry.setRegistrantAccount(meadowNumber, address(this));
        vm.expectPartialRevert(IInvoiceRegistry.ReceivableStands.selector);
        registry.release(KEY, address(_false), ELSEWHERE >> 64);
        _assertInvoice(KEY, InvoiceState.Registered, TOTAL, 0);
    }

    function test_threat_1_a_false_ledger_cannot_act_while_it_is_asked() external {
        _register();
        registry.admitRegistrant(address(_false));
        bytes memory use =
            abi.encodeCall(IInvoiceRegistry.use, (KEY, address(0), ELSEWHERE, uint80(1)));
        _false.say(Status.None, use);
        vm.expectRevert();
        vm.prank(meadow);
        registry.use(KEY, address(_false), ELSEWHERE >> 64, 1);
        _assertInvoice(KEY, InvoiceState.Registered, 0, 0);
    }

    /* BETWEEN USE AND ISSUE */

    function test_an_invoice_that_became_void_covers_what_it_was_used_for_before() external {
        _register();
        (Terms memory terms, ReceivableId id) = _guardedTerms(TOTAL);
        _useFor(meadow, KEY, id, TOTAL);
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.InvoiceVoided(KEY, TOTAL);
        vm.prank(harbour);
        registry.cancel(KEY);
        _issued(terms);
        // It can cover nothing else, now or later.
        _expectVoid(KEY);
        _useElsewhere(meadow, KEY, 1);
    }

    function test_what_is_given_back_before_it_becomes_void_covers_nothing() external {
        _register();
        (Terms memory terms, ReceivableId id) = _guardedTerms(TOTAL);
        _useFor(harbour, KEY, id, TOTAL);
        _releaseFor(harbour, KEY, id);
        vm.prank(harbour);
        registry.cancel(KEY);
        vm.expectRevert();
        _issued(terms);
    }

    function test_what_a_suspended_registrant_used_still_counts() external {
        _register();
        (Terms memory terms, ReceivableId id) = _guardedTerms(TOTAL);
        _useFor(meadow, KEY, id, TOTAL);
        registry.setRegistrantAccount(meadowNumber, address(0));
        _issued(terms);
    }

    function test_who_issues_first_keeps_the_use_and_who_releases_first_gets_it_back() external {
        _register();
        (Terms memory terms, ReceivableId id) = _guardedTerms(TOTAL);
        _useFor(harbour, KEY, id, TOTAL);
        uint256 before = vm.snapshotState();
        _issued(terms);
        vm.expectPartialRevert(IInvoiceRegistry.ReceivableStands.selector);
        _releaseFor(harbour, KEY, id);
        vm.revertToState(before);
        _releaseFor(harbour, KEY, id);
        vm.expectRevert();
        _issued(terms);
    }

    /* SECRETS */

    function test_no_secret_follows_one_that_begins_on_the_last_day() external {
        registry.announceKey(0, "first");
        registry.announceKey(type(uint16).max, "by mistake");
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.EpochTooEarly.selector, type(uint16).max, 65_536
            )
        );
        registry.announceKey(type(uint16).max, "another");
    }
}
