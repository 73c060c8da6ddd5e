// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";

import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract AcceptTest is LedgerTest {
    function test_obligor_is_bound() external {
        ReceivableId id = _issued();

        vm.expectEmit(address(ledger));
        emit IReceivables.ReceivableAccepted(id, obligor);
        _accept(id);
        _assertStatus(id, Status.Accepted);
        _assertVoucher(id.firstVoucher(), creditor, FACE);
    }

    function test_reverts_when_caller_is_not_the_obligor() external {
        ReceivableId id = _issued();
        _expectNotEntitled(creditor, obligor);
        vm.prank(creditor);
        ledger.accept(id);
    }

    function test_threat_24_acceptance_counts_until_the_last_second_of_its_last_day() external {
        ReceivableId id = _issued();
        ReceivableId late = _issued();
        uint256 acceptBy = ledger.receivableOf(id).acceptBy;

        vm.warp((acceptBy + 1) * 1 days - 1);
        _assertStatus(id, Status.Issued);
        _accept(id);
        vm.warp((acceptBy + 1) * 1 days);
        _assertStatus(late, Status.Lapsed);
        vm.expectRevert(
            abi.encodeWithSelector(
                IReceivables.AcceptancePeriodOver.selector, acceptBy, acceptBy + 1
            )
        );
        _accept(late);
    }

    function test_reverts_given_it_was_never_issued() external {
        ReceivableId id = ledger.idOf(_terms());
        _expectWrongStatus(id, Status.None, Status.Issued);
        _accept(id);
    }

    function test_reverts_given_it_is_accepted() external {
        ReceivableId id = _issued();
        _accept(id);
        _expectWrongStatus(id, Status.Accepted, Status.Issued);
        _accept(id);
    }

    function test_reverts_given_it_is_cancelled() external {
        ReceivableId id = _issued();
        vm.prank(creditor);
        ledger.cancel(id);
        _expectWrongStatus(id, Status.Cancelled, Status.Issued);
        _accept(id);
    }

    function test_reverts_given_an_unverified_obligor() external {
        ReceivableId id = _issued();
        _unverify(obligor);
        _expectNotVerified(obligor);
        _accept(id);
    }

    function test_reverts_given_a_frozen_obligor() external {
        ReceivableId id = _issued();
        _freezeParty(obligor);
        _expectFrozen(obligor);
        _accept(id);
    }

    function test_threat_35_reverts_given_a_pause() external {
        ReceivableId id = _issued();
        _pause();
        _expectPaused();
        _accept(id);
    }

    /* OBLIGOR LIMIT */

    function test_an_obligor_may_owe_exactly_the_limit() external {
        Terms memory terms = _limited(2 * FACE);
        ReceivableId id = _issued(terms);
        terms.salt++;
        _accepted(terms);

        _accept(id);
        assertEq(ledger.outstandingOf(terms.programme, obligor), 2 * FACE);
    }

    function test_reverts_given_the_obligor_would_owe_more_than_the_limit() external {
        Terms memory terms = _limited(2 * FACE - 1);
        ReceivableId id = _issued(terms);
        terms.salt++;
        _accepted(terms);
        terms.salt++;

        _expectLimit(2 * FACE, 2 * FACE - 1);
        _accept(id);
        _expectLimit(2 * FACE, 2 * FACE - 1);
        _accepted(terms);
    }

    function test_what_waits_or_was_cancelled_does_not_count_towards_the_limit() external {
        Terms memory terms = _limited(FACE);
        ReceivableId id = _issued(terms);
        assertEq(ledger.outstandingOf(terms.programme, obligor), 0);
        vm.prank(creditor);
        ledger.cancel(id);
        terms.salt++;

        _accepted(terms);
        assertEq(ledger.outstandingOf(terms.programme, obligor), FACE);
    }

    function test_payment_frees_the_limit() external {
        Terms memory terms = _limited(FACE);
        (ReceivableId id,) = _accepted(terms);
        _pay(id, FACE / 4);
        assertEq(ledger.outstandingOf(terms.programme, obligor), FACE - FACE / 4);
        terms.salt++;
        terms.face = FACE / 4;
        _accepted(terms);

        assertEq(ledger.outstandingOf(terms.programme, obligor), FACE);
    }

    function test_limits_count_for_each_obligor_and_programme_alone() external {
        Terms memory terms = _limited(FACE);
        _accepted(terms);
        terms.obligor = alice;
        _accepted(terms);
        _accepted(_limited(FACE));
        assertEq(ledger.outstandingOf(terms.programme, alice), FACE);
    }

    function test_without_a_limit_nothing_is_counted() external {
        _accepted();
        assertEq(ledger.outstandingOf(programme, obligor), 0);
    }

    /* DEFAULT ON RECORD */

    function test_reverts_given_a_default_where_the_programme_heeds_it() external {
        Programme memory rules = _programme();
        rules.stopOnDefault = true;
        Terms memory terms = _termsUnder(rules);
        _defaultOnRecord();
        terms.dueDay = _terms().dueDay;
        ReceivableId id = _issued(terms);

        vm.expectRevert(abi.encodeWithSelector(IProgrammes.ObligorInDefault.selector, obligor));
        _accept(id);
        terms.salt += 1000;
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.ObligorInDefault.selector, obligor));
        _accepted(terms);
    }

    function test_a_default_is_no_matter_where_the_programme_does_not_heed_it() external {
        _defaultOnRecord();
        _accept(_issued());
    }

    /* INTERNAL */

    function _accept(ReceivableId id) private {
        vm.prank(obligor);
        ledger.accept(id);
    }

    function _limited(uint80 limit) private returns (Terms memory) {
        Programme memory rules = _programme();
        rules.obligorLimit = limit;
        rules.currency = eur;
        return _termsUnder(rules);
    }

    function _expectLimit(uint256 outstanding, uint256 limit) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IProgrammes.ObligorLimitExceeded.selector, obligor, outstanding, limit
            )
        );
    }

    function _defaultOnRecord() private {
        (ReceivableId id,) = _accepted();
        _warpToOverdue(id);
        ledger.declareDefault(id);
    }
}
