// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOffers} from "contracts/interfaces/IOffers.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {Offer, OfferStatus} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {OffersTest} from "./OffersTest.sol";

/// @notice Offering a voucher: nothing moves, all is told.
contract MakeOfferTest is OffersTest {
    function test_an_offer_waits_and_nothing_moves() external {
        (Offer memory offer,) = _offered();
        _assertOffer(offer, OfferStatus.Open);
        _assertVoucher(voucher, alice, FACE);
    }

    function test_all_of_it_is_told() external {
        Offer memory offer = _offer();
        bytes32 offerId = keccak256(abi.encode(offer));
        vm.expectEmit(address(exchange));
        emit IOffers.VoucherOffered(
            offerId,
            alice,
            bob,
            voucher,
            FACE,
            offer.expiry,
            offer.referenceHash,
            offer.documentsRoot,
            offer.salt
        );
        assertEq(_make(offer), offerId);
    }

    function test_threat_42_every_field_changes_the_id() external view {
        Offer memory offer = _offer();
        bytes32 offerId = exchange.offerIdOf(offer);
        for (uint256 i = 0; i < 8; ++i) {
            Offer memory other = abi.decode(abi.encode(offer), (Offer));
            _change(other, i);
            assertNotEq(exchange.offerIdOf(other), offerId, vm.toString(i));
        }
    }

    function test_one_voucher_may_be_offered_to_many() external {
        _offered();
        Offer memory other = _offer();
        other.to = carol;
        _make(other);
        _assertOffer(other, OfferStatus.Open);
    }

    function test_threat_22_an_offer_may_be_made_in_its_last_second() external {
        Offer memory offer = _offer();
        offer.expiry = uint40(block.timestamp);
        _make(offer);
        _assertOffer(offer, OfferStatus.Open);
    }

    function test_reverts_when_another_makes_it() external {
        _expectNotEntitled(bob, alice);
        vm.prank(bob);
        exchange.makeOffer(_offer());
    }

    function test_threat_32_reverts_when_it_is_to_the_giver() external {
        Offer memory offer = _offer();
        offer.to = alice;
        vm.expectRevert(abi.encodeWithSelector(IOffers.OfferToGiver.selector, alice));
        _make(offer);
    }

    function test_threat_22_reverts_when_it_has_expired() external {
        Offer memory offer = _offer();
        offer.expiry = uint40(block.timestamp - 1);
        _expectExpired(offer);
        _make(offer);
    }

    function test_reverts_when_nothing_is_offered() external {
        Offer memory offer = _offer();
        offer.value = 0;
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _make(offer);
    }

    function test_reverts_when_the_giver_does_not_hold_it() external {
        Offer memory offer = _offer();
        offer.from = carol;
        vm.expectRevert(_notHolder(carol, alice));
        _make(offer);
    }

    function test_reverts_when_more_is_offered_than_there_is() external {
        Offer memory offer = _offer();
        offer.value = FACE + 1;
        vm.expectRevert(_exceeds(FACE + 1, FACE));
        _make(offer);
    }

    function test_reverts_when_a_part_of_a_claimed_voucher_is_offered() external {
        _pay(id, FACE / 2);
        _redeem(voucher);
        Offer memory offer = _offer();
        offer.value = FACE / 4;
        vm.expectRevert(_claimedOn(FACE / 2));
        _make(offer);
    }

    function test_reverts_given_the_very_offer_was_made_before() external {
        (Offer memory offer, bytes32 offerId) = _offered();
        vm.expectRevert(abi.encodeWithSelector(IOffers.AlreadyOffered.selector, offerId));
        _make(offer);
        vm.prank(alice);
        exchange.withdrawOffer(offer);
        vm.expectRevert(abi.encodeWithSelector(IOffers.AlreadyOffered.selector, offerId));
        _make(offer);
    }

    function _change(Offer memory offer, uint256 field) private pure {
        if (field == 0) offer.from = address(1);
        if (field == 1) offer.to = address(1);
        if (field == 2) offer.voucher = VoucherId.wrap(1);
        if (field == 3) --offer.value;
        if (field == 4) ++offer.expiry;
        if (field == 5) offer.referenceHash = 0;
        if (field == 6) offer.documentsRoot = 0;
        if (field == 7) ++offer.salt;
    }
}
