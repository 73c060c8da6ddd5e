// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IExchange} from "../interfaces/IExchange.sol";
import {IOrders} from "../interfaces/IOrders.sol";
import {IRecourses} from "../interfaces/IRecourses.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Calendar} from "../libraries/Calendar.sol";
import {Pricing} from "../libraries/Pricing.sol";
import {Order, Quotation, Recourse, Scope, Side} from "../types/FinanceTypes.sol";
import {VoucherId, toSlot} from "../types/Ids.sol";
import {Delivery} from "./Delivery.sol";
import {Nonces} from "./Nonces.sol";

/// @title Orders
/// @notice Delivery versus payment. A fill is appraised first, with views only; then the order's number is
/// used up, the voucher delivered, and last of all the cash moved.
abstract contract Orders is Delivery, Nonces, AccessManaged, EIP712 {
    /// @dev One slot.
    struct Tariff {
        uint32 fee;
        address recipient;
    }

    /// @dev A fill under way.
    struct Deal {
        bytes32 digest;
        address seller;
        address buyer;
        // What is left of the order before it.
        uint80 left;
        Position position;
        uint80 price;
        uint80 fee;
        address feeRecipient;
        // What the seller will answer for.
        uint80 recourse;
        uint256 daysLeft;
    }

    bytes32 private constant _ORDER_TYPEHASH = keccak256(
        "Order(address maker,address taker,uint8 side,uint8 scope,uint256 subject,uint8 currency,uint80 amount,uint80 least,uint8 quotation,uint8 dayCount,uint80 price,uint80 recourse,uint16 dueBy,uint40 expiry,uint256 nonce)"
    );

    /// @inheritdoc IOrders
    uint32 public immutable feeCap;

    Tariff private _tariff;

    constructor(uint32 newFeeCap) EIP712("Duebill Exchange", "1") {
        require(newFeeCap <= Pricing.MILLION, FeeInvalid(newFeeCap, Pricing.MILLION));
        feeCap = newFeeCap;
    }

    /* FILL */

    /// @inheritdoc IOrders
    // The guard is closed while ledger and token run; what was delivered is known only after the ledger.
    // slither-disable-next-line reentrancy-no-eth,reentrancy-benign,reentrancy-events
    function fill(
        Order memory order,
        bytes calldata signature,
        VoucherId voucher,
        uint80 amount,
        uint256 limit
    ) external nonReentrant returns (VoucherId delivered, uint80 price, uint80 fee) {
        require(
            (order.taker == address(0) || order.taker == msg.sender) && order.maker != msg.sender,
            TakerNotAdmitted(msg.sender, order.taker)
        );
        Deal memory deal = _appraise(order, voucher, amount, msg.sender);
        require(_isSigned(order.maker, deal.digest, signature), OrderSignatureInvalid(order.maker));
        _requireWithinLimit(order.side, deal, limit);
        uint80 left = _take(order, deal.digest, deal.left, amount);
        delivered = _deliver(voucher, deal.position, deal.seller, deal.buyer, amount);
        if (deal.recourse != 0) {
            _pushRecourse(delivered, Recourse(deal.seller, deal.recourse, false));
        }
        _emitFilled(order, deal, delivered, amount, left);
        _settle(order, deal);
        return (delivered, deal.price, deal.fee);
    }

    /* ADMINISTRATOR */

    /// @inheritdoc IOrders
    function setFee(uint32 newFee, address newRecipient) external restricted {
        bool hasRecipient = newRecipient != address(0) && newRecipient != address(this);
        require(newFee <= feeCap && (newFee == 0 || hasRecipient), FeeInvalid(newFee, feeCap));
        _tariff = Tariff(newFee, newRecipient);
        emit FeeSet(newFee, newRecipient);
    }

    /* VIEWS */

    /// @inheritdoc IOrders
    function quote(Order memory order, VoucherId voucher, uint80 amount)
        external
        view
        returns (uint80 price, uint80 fee)
    {
        address filler = msg.sender;
        if (order.side == Side.Bid) (filler,,) = ledger.positionOf(voucher);
        Deal memory deal = _appraise(order, voucher, amount, filler);
        return (deal.price, deal.fee);
    }

    /// @inheritdoc IOrders
    function leftOf(Order memory order) external view returns (uint80) {
        if (block.timestamp > order.expiry) return 0;
        return _leftOf(order, orderDigest(order));
    }

    /// @inheritdoc IOrders
    function feeOf() external view returns (uint32 fee, address recipient) {
        return (_tariff.fee, _tariff.recipient);
    }

    /// @inheritdoc IOrders
    function orderDigest(Order memory order) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_ORDER_TYPEHASH, order)));
    }

    /* APPRAISE */

    /// @dev All that has to hold but the signature, the taker and the limit; and what it costs.
    function _appraise(Order memory order, VoucherId voucher, uint80 amount, address filler)
        private
        view
        returns (Deal memory deal)
    {
        require(block.timestamp <= order.expiry, OrderExpired(order.expiry, block.timestamp));
        require(order.least != 0 && order.least <= order.amount, OrderInvalid("least"));
        require(order.recourse <= order.amount, OrderInvalid("recourse"));
        deal.digest = orderDigest(order);
        deal.left = _leftOf(order, deal.digest);
        require(deal.left != 0, OrderClosed(order.maker, order.nonce));
        require(
            amount <= deal.left && (amount >= order.least || amount == deal.left),
            FillOutOfRange(amount, order.least, deal.left)
        );
        bool isAsk = order.side == Side.Ask;
        (deal.seller, deal.buyer) = isAsk ? (order.maker, filler) : (filler, order.maker);
        if (order.scope == Scope.Voucher) {
            _requireInScope(order, voucher, VoucherId.unwrap(voucher));
        }
        // The most frequent order, an ask at an amount for one voucher, asks nothing of the receivable.
        if (
            !_isPlain(order) || order.scope != Scope.Voucher || order.dueBy != 0
                || order.recourse != 0
        ) _appraiseReceivable(order, voucher, amount, deal);
        deal.position = _requireDeliverable(voucher, deal.seller, amount);
        // What a seller answers for is value; an amount counts the rest: only without a claim they agree.
        require(
            order.recourse == 0 || deal.position.claimed == 0,
            IExchange.VoucherClaimedOn(voucher, deal.position.claimed)
        );
        _price(order, amount, deal);
    }

    /// @dev What an order asks of the receivable behind a voucher.
    function _appraiseReceivable(
        Order memory order,
        VoucherId voucher,
        uint80 amount,
        Deal memory deal
    ) private view {
        (address obligor, uint16 programme, uint8 currency, uint16 dueDay) =
            ledger.outlineOf(voucher.receivableOf());
        if (order.scope == Scope.Receivable) {
            _requireInScope(order, voucher, voucher.receivableOf().toSlot());
        } else if (order.scope == Scope.Obligor) {
            _requireInScope(order, voucher, uint160(obligor));
        } else if (order.scope == Scope.Programme) {
            _requireInScope(order, voucher, programme);
        }
        bool isPlain = _isPlain(order);
        require(
            (isPlain && order.scope == Scope.Voucher) || order.currency == currency,
            OrderInvalid("currency")
        );
        uint256 earliest = isPlain ? 0 : Calendar.today();
        uint256 latest = order.dueBy == 0 ? type(uint16).max : order.dueBy;
        require(earliest <= dueDay && dueDay <= latest, DueDayNotAdmitted(dueDay, earliest, latest));
        deal.daysLeft = dueDay - earliest;
        if (order.recourse == 0) return;
        require(deal.buyer != obligor, IRecourses.ObligorHasNoRecourse(obligor));
        uint256 granule = _granuleOf(currency);
        _requireExpressible(order.recourse, granule);
        // Against whoever fills: a buyer is answered for less, a seller answers for more.
        deal.recourse =
            Pricing.share(order.recourse, amount, order.amount, granule, order.side == Side.Bid);
    }

    /// @dev Price and fee, both in whole granules. The price is at most 80 bits: a share of the order's
    /// price, or less than the amount. Rounded against whoever fills: buyers up, sellers down.
    function _price(Order memory order, uint80 amount, Deal memory deal) private view {
        uint256 granule = _granuleOf(order.currency);
        bool up = order.side == Side.Ask;
        if (order.quotation == Quotation.Amount) {
            _requireExpressible(order.price, granule);
            deal.price = Pricing.share(order.price, amount, order.amount, granule, up);
        } else {
            _requireExpressible(amount, granule);
            deal.price = Pricing.atRate(
                amount, order.quotation, order.dayCount, order.price, deal.daysLeft, granule, up
            );
        }
        require(deal.price != 0, PriceIsZero());
        Tariff memory tariff = _tariff;
        deal.feeRecipient = tariff.recipient;
        deal.fee = Pricing.share(deal.price, tariff.fee, Pricing.MILLION, granule, false);
    }

    /* SETTLE */

    /// @dev The buyer pays the seller and the fee: on top if it fills, out of the price if the seller does.
    /// Who would pay the fee to itself does not.
    function _settle(Order memory order, Deal memory deal) private {
        uint80 net = order.side == Side.Ask ? deal.price : deal.price - deal.fee;
        _move(order.currency, deal.buyer, deal.seller, net);
        if (deal.fee != 0 && deal.feeRecipient != deal.buyer) {
            _move(order.currency, deal.buyer, deal.feeRecipient, deal.fee);
        }
    }

    function _emitFilled(
        Order memory order,
        Deal memory deal,
        VoucherId delivered,
        uint80 amount,
        uint80 left
    ) private {
        emit OrderFilled(
            deal.digest,
            order.maker,
            msg.sender,
            order.side,
            order.currency,
            order.nonce,
            delivered,
            amount,
            left,
            deal.price,
            deal.fee
        );
    }

    function _requireWithinLimit(Side side, Deal memory deal, uint256 limit) private pure {
        if (side == Side.Ask) {
            uint256 cost = uint256(deal.price) + deal.fee;
            require(cost <= limit, PriceWorseThanLimit(cost, limit));
        } else {
            uint256 proceeds = deal.price - deal.fee;
            require(proceeds >= limit, PriceWorseThanLimit(proceeds, limit));
        }
    }

    function _requireInScope(Order memory order, VoucherId voucher, uint256 subject) private pure {
        require(order.subject == subject, NotInScope(voucher, order.scope, order.subject));
    }

    function _requireExpressible(uint256 amount, uint256 granule) private pure {
        require(amount % granule == 0, ICurrencies.AmountNotExpressible(amount, granule));
    }

    /// @dev A key's signature is looked at first: asking whether the maker is a contract costs 2,600 gas. An
    /// account with both (EIP-7702) is its key's.
    function _isSigned(address maker, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool)
    {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && signer == maker) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(maker, digest, signature);
    }

    /// @dev An ask at an amount: the seller says what it wants, whatever the receivable.
    function _isPlain(Order memory order) private pure returns (bool) {
        return order.side == Side.Ask && order.quotation == Quotation.Amount;
    }
}
