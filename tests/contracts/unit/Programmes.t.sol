// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";

import {GateMock} from "contracts/mocks/GateMock.sol";
import {Programme} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract ProgrammesTest is LedgerTest {
    function test_a_programme_is_kept_as_it_was_given() external {
        Programme memory rules = _any();
        vm.expectEmit(address(ledger));
        emit IProgrammes.ProgrammeCreated(2, rules);
        assertEq(ledger.createProgramme(rules), 2);

        (Programme memory kept, bool open) = ledger.programmeOf(2);
        assertEq(abi.encode(kept), abi.encode(rules));
        assertTrue(open);
        assertEq(ledger.programmeCount(), 2);
    }

    function test_threat_33_extreme_rules_are_kept_exactly(Programme memory rules) external {
        rules.maxTenorDays |= 1;
        rules.acceptanceDays |= 1;
        rules.smallestVoucher = uint80(rules.smallestVoucher % 9 + 1) * 1e15;
        rules.maxSplits = uint32(bound(rules.maxSplits, 0, 6) * 1e4);
        rules.currency |= 1;
        rules.gate = address(new GateMock());
        (Programme memory kept,) = ledger.programmeOf(ledger.createProgramme(rules));
        assertEq(abi.encode(kept), abi.encode(rules));
    }

    function test_closing_and_opening_changes_no_rule() external {
        vm.expectEmit(address(ledger));
        emit IProgrammes.ProgrammeOpened(programme, false);
        ledger.setProgrammeOpen(programme, false);
        (Programme memory kept, bool open) = ledger.programmeOf(programme);
        assertFalse(open);
        assertEq(abi.encode(kept), abi.encode(_programme()));
        ledger.setProgrammeOpen(programme, true);
        _issued();
    }

    function test_what_was_issued_lives_on_under_a_closed_programme() external {
        ReceivableId id = _issued();
        ledger.setProgrammeOpen(programme, false);
        vm.prank(obligor);
        ledger.accept(id);
        _give(id.firstVoucher(), creditor, alice);
        _assertVoucher(id.firstVoucher(), alice, FACE);
    }

    /* REVERTS */

    function test_reverts_when_tenor_is_zero() external {
        Programme memory rules = _any();
        rules.maxTenorDays = 0;
        _expectInvalid(rules, "tenor is zero");
    }

    function test_reverts_when_acceptance_period_is_zero() external {
        Programme memory rules = _any();
        rules.acceptanceDays = 0;
        _expectInvalid(rules, "acceptance is zero");
    }

    function test_reverts_when_smallest_voucher_is_zero() external {
        Programme memory rules = _any();
        rules.smallestVoucher = 0;
        _expectInvalid(rules, "smallest voucher is zero");
    }

    function test_reverts_when_smallest_voucher_is_not_one_digit_and_zeros() external {
        Programme memory rules = _any();
        uint80[4] memory odd = [uint80(11), 25e6, 101, 1e16];
        for (uint256 i = 0; i < odd.length; ++i) {
            rules.smallestVoucher = odd[i];
            _expectInvalid(rules, "smallest voucher digits");
        }
    }

    function test_reverts_when_splits_are_not_one_digit_and_zeros() external {
        Programme memory rules = _any();
        rules.maxSplits = 17;
        _expectInvalid(rules, "splits digits");
    }

    function test_reverts_when_splits_are_too_many() external {
        Programme memory rules = _any();
        rules.maxSplits = 60_000;
        ledger.createProgramme(rules);
        rules.maxSplits = 70_000;
        _expectInvalid(rules, "too many splits");
        rules.maxSplits = 60_001;
        _expectInvalid(rules, "too many splits");
    }

    function test_reverts_when_a_limit_has_no_currency() external {
        Programme memory rules = _any();
        rules.currency = 0;
        _expectInvalid(rules, "limit without currency");
    }

    function test_reverts_when_attestations_have_no_gate() external {
        Programme memory rules = _any();
        rules.gate = address(0);
        _expectInvalid(rules, "attestations without gate");
    }

    function test_reverts_when_gate_has_no_code() external {
        Programme memory rules = _any();
        rules.gate = stranger;
        _expectInvalid(rules, "gate has no code");
    }

    function test_reverts_when_programme_is_unknown() external {
        for (uint16 unknown = 0; unknown <= programme + 1; unknown += programme + 1) {
            bytes memory refusal =
                abi.encodeWithSelector(IProgrammes.ProgrammeUnknown.selector, unknown);
            vm.expectRevert(refusal);
            ledger.programmeOf(unknown);
            vm.expectRevert(refusal);
            ledger.setProgrammeOpen(unknown, true);
        }
    }

    /* INTERNAL */

    /// @dev Every rule differs from its default.
    function _any() private returns (Programme memory) {
        return Programme({
            maxTenorDays: 90,
            acceptanceDays: 7,
            graceDays: 11,
            maxHops: 3,
            maxSplits: 20,
            smallestVoucher: 5e6,
            obligorLimit: 1_000_000e6,
            currency: eur,
            attestations: 2,
            consent: true,
            stopOnDefault: true,
            gate: address(new GateMock())
        });
    }

    function _expectInvalid(Programme memory rules, bytes32 rule) private {
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.ProgrammeInvalid.selector, rule));
        ledger.createProgramme(rules);
    }
}
