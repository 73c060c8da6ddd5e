// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Offer, OfferStatus} from "../types/FinanceTypes.sol";
import {VoucherId} from "../types/Ids.sol";

/// @title IOffers
/// @notice Vouchers that their recipient accepts or rejects, as payment of a trade debt for example.
/// @dev An offer locks nothing: the voucher stays with its holder, who has made the exchange an operator
/// of it, and moves when the recipient accepts. Of two offers of one voucher the first to be accepted
/// wins. The recipient's acceptance is its consent, where the programme asks for one.
interface IOffers {
    /// @notice Emitted when a holder offers a voucher; all that the offer says.
    event VoucherOffered(
        bytes32 indexed offer,
        address indexed from,
        address indexed to,
        VoucherId voucher,
        uint80 value,
        uint40 expiry,
        bytes32 referenceHash,
        bytes32 documentsRoot,
        uint256 salt
    );

    /// @notice Emitted when the recipient accepts.
    /// @param voucher What it got: the voucher itself, or a new one.
    event OfferAccepted(bytes32 indexed offer, VoucherId indexed voucher);

    /// @notice Emitted when the recipient rejects.
    /// @param reason Hash of the reason.
    event OfferRejected(bytes32 indexed offer, bytes32 reason);

    /// @notice Emitted when the giver withdraws.
    event OfferWithdrawn(bytes32 indexed offer);

    /// @notice Thrown when an offer is not where the call needs it.
    error OfferNotOpen(bytes32 offer, OfferStatus status);

    /// @notice Thrown when an offer of these very terms was made before.
    error AlreadyOffered(bytes32 offer);

    /// @notice Thrown when an offer is made or accepted after its expiry.
    error OfferExpired(uint40 expiry, uint256 time);

    /// @notice Thrown when somebody is offered his own voucher.
    error OfferToGiver(address party);

    /// @notice Offers a voucher, or a part of it, as its holder.
    function makeOffer(Offer calldata offer) external returns (bytes32 id);

    /// @notice Takes what is offered, as its recipient, up to and including the expiry.
    /// @return voucher What the recipient got.
    function acceptOffer(Offer calldata offer) external returns (VoucherId voucher);

    /// @notice Refuses as the recipient.
    /// @param reason Hash of the reason.
    function rejectOffer(Offer calldata offer, bytes32 reason) external;

    /// @notice Takes an offer back, as its giver.
    function withdrawOffer(Offer calldata offer) external;

    /// @notice The id of an offer: the hash of what it says.
    function offerIdOf(Offer calldata offer) external pure returns (bytes32);

    /// @notice Where an offer stands; an expired one is still Open.
    function offerStatusOf(bytes32 offer) external view returns (OfferStatus);
}
