// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOffers} from "contracts/interfaces/IOffers.sol";

import {Offer, OfferStatus} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Alice offers her voucher to Bob.
abstract contract OffersTest is ExchangeTest {
    function _offer() internal view returns (Offer memory) {
        return Offer({
            from: alice,
            to: bob,
            voucher: voucher,
            value: FACE,
            expiry: uint40(block.timestamp + 1 days),
            referenceHash: keccak256("invoice 17"),
            documentsRoot: keccak256("its documents"),
            salt: 1
        });
    }

    /// @dev Her standing offer.
    function _offered() internal returns (Offer memory offer, bytes32 offerId) {
        offer = _offer();
        offerId = _make(offer);
    }

    function _make(Offer memory offer) internal returns (bytes32) {
        vm.prank(offer.from);
        return exchange.makeOffer(offer);
    }

    function _accept(Offer memory offer) internal returns (VoucherId) {
        vm.prank(offer.to);
        return exchange.acceptOffer(offer);
    }

    function _assertOffer(Offer memory offer, OfferStatus status) internal view {
        bytes32 offerId = exchange.offerIdOf(offer);
        assertEq(uint8(exchange.offerStatusOf(offerId)), uint8(status), "offer");
    }

    function _expectNotOpen(Offer memory offer, OfferStatus status) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IOffers.OfferNotOpen.selector, exchange.offerIdOf(offer), status)
        );
    }

    function _expectExpired(Offer memory offer) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IOffers.OfferExpired.selector, offer.expiry, block.timestamp)
        );
    }
}
