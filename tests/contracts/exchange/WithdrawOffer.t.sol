// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOffers} from "contracts/interfaces/IOffers.sol";

import {Offer, OfferStatus} from "contracts/types/FinanceTypes.sol";
import {OffersTest} from "./OffersTest.sol";

/// @notice Taking an offer back.
contract WithdrawOfferTest is OffersTest {
    function test_the_giver_takes_it_back() external {
        (Offer memory offer, bytes32 offerId) = _offered();
        vm.expectEmit(address(exchange));
        emit IOffers.OfferWithdrawn(offerId);
        _withdraw(offer);
        _assertOffer(offer, OfferStatus.Withdrawn);
    }

    function test_also_when_the_voucher_is_elsewhere() external {
        (Offer memory offer,) = _offered();
        _give(voucher, alice, carol);
        _withdraw(offer);
        _assertOffer(offer, OfferStatus.Withdrawn);
    }

    function test_reverts_when_another_takes_it_back() external {
        (Offer memory offer,) = _offered();
        _expectNotEntitled(bob, alice);
        vm.prank(bob);
        exchange.withdrawOffer(offer);
    }

    function test_reverts_given_it_was_never_made() external {
        Offer memory offer = _offer();
        _expectNotOpen(offer, OfferStatus.None);
        _withdraw(offer);
    }

    function test_threat_19_reverts_when_it_is_accepted_afterwards() external {
        (Offer memory offer,) = _offered();
        _withdraw(offer);
        _expectNotOpen(offer, OfferStatus.Withdrawn);
        _accept(offer);
    }

    function test_reverts_given_it_was_accepted() external {
        (Offer memory offer,) = _offered();
        _accept(offer);
        _expectNotOpen(offer, OfferStatus.Accepted);
        _withdraw(offer);
    }

    function _withdraw(Offer memory offer) private {
        vm.prank(offer.from);
        exchange.withdrawOffer(offer);
    }
}
