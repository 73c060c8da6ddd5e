// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOffers} from "contracts/interfaces/IOffers.sol";

import {Offer, OfferStatus} from "contracts/types/FinanceTypes.sol";
import {OffersTest} from "./OffersTest.sol";

/// @notice Refusing an offer.
contract RejectOfferTest is OffersTest {
    function test_the_recipient_refuses() external {
        (Offer memory offer, bytes32 offerId) = _offered();
        vm.expectEmit(address(exchange));
        emit IOffers.OfferRejected(offerId, REASON);
        _reject(offer);
        _assertOffer(offer, OfferStatus.Rejected);
        _assertVoucher(voucher, alice, FACE);
    }

    function test_also_when_it_has_expired() external {
        (Offer memory offer,) = _offered();
        vm.warp(offer.expiry + 1);
        _reject(offer);
        _assertOffer(offer, OfferStatus.Rejected);
    }

    function test_reverts_when_another_refuses() external {
        (Offer memory offer,) = _offered();
        _expectNotEntitled(alice, bob);
        vm.prank(alice);
        exchange.rejectOffer(offer, REASON);
    }

    function test_reverts_given_it_was_never_made() external {
        Offer memory offer = _offer();
        _expectNotOpen(offer, OfferStatus.None);
        _reject(offer);
    }

    function test_threat_19_a_refusal_is_final() external {
        (Offer memory offer,) = _offered();
        _reject(offer);
        _expectNotOpen(offer, OfferStatus.Rejected);
        _reject(offer);
        _expectNotOpen(offer, OfferStatus.Rejected);
        _accept(offer);
    }

    function _reject(Offer memory offer) private {
        vm.prank(offer.to);
        exchange.rejectOffer(offer, REASON);
    }
}
