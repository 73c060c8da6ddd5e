// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOffers} from "../interfaces/IOffers.sol";
import {IParties} from "../interfaces/IParties.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";

import {Offer, OfferStatus} from "../types/FinanceTypes.sol";
import {VoucherId} from "../types/Ids.sol";
import {Delivery} from "./Delivery.sol";

/// @title Offers
/// @notice What a holder gives, and its recipient accepts or rejects. One slot an offer.
abstract contract Offers is IOffers, Delivery {
    mapping(bytes32 id => OfferStatus status) private _offers;

    /// @inheritdoc IOffers
    function makeOffer(Offer calldata offer) external nonReentrant returns (bytes32 id) {
        require(msg.sender == offer.from, IParties.CallerNotEntitled(msg.sender, offer.from));
        require(offer.to != offer.from, OfferToGiver(offer.to));
        _requireNotExpired(offer);
        require(offer.value != 0, ISettlement.AmountIsZero());
        _requireDeliverable(offer.voucher, offer.from, offer.value, false);
        id = offerIdOf(offer);
        require(_offers[id] == OfferStatus.None, AlreadyOffered(id));
        _offers[id] = OfferStatus.Open;
        emit VoucherOffered(
            id,
            offer.from,
            offer.to,
            offer.voucher,
            offer.value,
            offer.expiry,
            offer.referenceHash,
            offer.documentsRoot,
            offer.salt
        );
    }

    /// @inheritdoc IOffers
    // The guard is closed while the ledger runs; what was delivered is known only then.
    // slither-disable-next-line reentrancy-events
    function acceptOffer(Offer calldata offer) external nonReentrant returns (VoucherId voucher) {
        bytes32 id = _close(offer, offer.to, OfferStatus.Accepted);
        _requireNotExpired(offer);
        uint80 divided = _requireDeliverable(offer.voucher, offer.from, offer.value, false);
        voucher = _deliver(offer.voucher, divided, offer.from, offer.to, offer.value);
        emit OfferAccepted(id, voucher);
    }

    /// @inheritdoc IOffers
    function rejectOffer(Offer calldata offer, bytes32 reason) external nonReentrant {
        emit OfferRejected(_close(offer, offer.to, OfferStatus.Rejected), reason);
    }

    /// @inheritdoc IOffers
    function withdrawOffer(Offer calldata offer) external nonReentrant {
        emit OfferWithdrawn(_close(offer, offer.from, OfferStatus.Withdrawn));
    }

    /// @inheritdoc IOffers
    function offerStatusOf(bytes32 offer) external view returns (OfferStatus) {
        return _offers[offer];
    }

    /// @inheritdoc IOffers
    function offerIdOf(Offer calldata offer) public pure returns (bytes32) {
        return keccak256(abi.encode(offer));
    }

    /// @dev Ends an open offer, if the caller is the one who may.
    function _close(Offer calldata offer, address entitled, OfferStatus status)
        private
        returns (bytes32 id)
    {
        require(msg.sender == entitled, IParties.CallerNotEntitled(msg.sender, entitled));
        id = offerIdOf(offer);
        OfferStatus current = _offers[id];
        require(current == OfferStatus.Open, OfferNotOpen(id, current));
        _offers[id] = status;
    }

    function _requireNotExpired(Offer calldata offer) private view {
        require(block.timestamp <= offer.expiry, OfferExpired(offer.expiry, block.timestamp));
    }
}
