// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOffers} from "contracts/interfaces/IOffers.sol";

import {Programme, Terms} from "contracts/types/DataTypes.sol";
import {Offer, OfferStatus} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {OffersTest} from "./OffersTest.sol";

/// @notice Accepting a voucher, as payment of a trade debt for example.
contract AcceptOfferTest is OffersTest {
    function test_the_recipient_gets_the_voucher_itself() external {
        (Offer memory offer, bytes32 offerId) = _offered();
        vm.expectEmit(address(exchange));
        emit IOffers.OfferAccepted(offerId, voucher);
        assertEq(_raw(_accept(offer)), _raw(voucher));
        _assertVoucher(voucher, bob, FACE);
        _assertOffer(offer, OfferStatus.Accepted);
        _assertEmpty();
    }

    function test_a_part_is_a_new_voucher() external {
        Offer memory offer = _offer();
        offer.value = 400e6;
        bytes32 offerId = _make(offer);
        vm.expectEmit(address(exchange));
        emit IOffers.OfferAccepted(offerId, id.voucherAt(2));
        VoucherId got = _accept(offer);
        _assertVoucher(got, bob, 400e6);
        _assertVoucher(voucher, alice, FACE - 400e6);
    }

    function test_a_part_takes_its_share_of_the_recourse_along() external {
        _sell(alice, bob, FACE);
        Offer memory offer = _offer();
        (offer.from, offer.to, offer.value) = (bob, carol, FACE / 4);
        _make(offer);
        VoucherId got = _accept(offer);
        _assertRecourse(got, 1, alice, FACE / 4);
        _assertRecourse(voucher, 1, alice, FACE - FACE / 4);
    }

    function test_a_claimed_voucher_is_taken_whole() external {
        _pay(id, FACE / 2);
        _redeem(voucher);
        Offer memory offer = _offer();
        offer.value = FACE / 2;
        _make(offer);
        _accept(offer);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_accepting_is_consent() external {
        Programme memory rules = _programme();
        rules.consent = true;
        Terms memory terms = _termsUnder(rules);
        terms.creditor = alice;
        (id, voucher) = _accepted(terms);
        (Offer memory offer,) = _offered();
        _accept(offer);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_of_two_offers_the_first_to_be_accepted_wins() external {
        (Offer memory offer,) = _offered();
        Offer memory other = _offer();
        other.to = carol;
        _make(other);
        _accept(other);
        vm.expectRevert(_notHolder(alice, carol));
        _accept(offer);
        _assertOffer(offer, OfferStatus.Open);
    }

    function test_threat_22_it_can_be_accepted_in_its_last_second() external {
        (Offer memory offer,) = _offered();
        vm.warp(offer.expiry);
        _accept(offer);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_threat_22_reverts_given_its_last_second_is_over() external {
        (Offer memory offer,) = _offered();
        vm.warp(offer.expiry + 1);
        _expectExpired(offer);
        _accept(offer);
    }

    function test_reverts_when_another_accepts() external {
        (Offer memory offer,) = _offered();
        _expectNotEntitled(carol, bob);
        vm.prank(carol);
        exchange.acceptOffer(offer);
    }

    function test_reverts_given_it_was_never_made() external {
        Offer memory offer = _offer();
        _expectNotOpen(offer, OfferStatus.None);
        _accept(offer);
    }

    function test_threat_42_reverts_when_other_terms_are_accepted() external {
        Offer memory offer = _offer();
        offer.value = FACE / 2;
        _make(offer);
        offer.value = FACE;
        _expectNotOpen(offer, OfferStatus.None);
        _accept(offer);
    }

    function test_threat_19_reverts_given_it_was_accepted() external {
        (Offer memory offer,) = _offered();
        _accept(offer);
        _give(voucher, bob, alice);
        _expectNotOpen(offer, OfferStatus.Accepted);
        _accept(offer);
    }

    function test_reverts_given_the_giver_no_longer_has_as_much() external {
        (Offer memory offer,) = _offered();
        _pay(id, FACE / 2);
        _redeem(voucher);
        vm.expectRevert(_exceeds(FACE, FACE / 2));
        _accept(offer);
    }

    function test_reverts_given_the_exchange_may_no_longer_move_it() external {
        (Offer memory offer,) = _offered();
        vm.prank(alice);
        ledger.setApprovalForAll(address(exchange), false);
        _expectNotOperator(address(exchange), voucher);
        _accept(offer);
    }

    function test_threat_37_reverts_when_the_recipient_is_unverified() external {
        (Offer memory offer,) = _offered();
        _unverify(bob);
        _expectNotVerified(bob);
        _accept(offer);
    }
}
