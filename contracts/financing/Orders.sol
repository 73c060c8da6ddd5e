// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "../interfaces/ICurrencies.sol";
import {IOrders} from "../interfaces/IOrders.sol";
import {IRecourses} from "../interfaces/IRecourses.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Calendar} from "../libraries/Calendar.sol";
import {Pricing} from "../libraries/Pricing.sol";
import {Order, Quotation, Recourse, Scope, Side} from "../types/FinanceTypes.sol";
import {VoucherId} from "../types/Ids.sol";
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
        Order calldata order,
        bytes calldata signature,
        VoucherId voucher,
        uint80 amount,
        uint256 limit
    ) external nonReentrant returns (VoucherId delivered, uint80 price, uint80 fee) {
        address maker = order.maker;
        _requireTaker(order.taker, maker);
        bytes32 digest = orderDigest(order);
        uint80 left = _useUp(order, maker, digest, amount);
        bool isAsk = order.side == Side.Ask;
        (address seller, address buyer) = isAsk ? (maker, msg.sender) : (msg.sender, maker);
        uint8 currency = order.currency;
        (IERC20 token, uint8 decimals, uint32 levy) = _openPurse(currency);
        uint256 granule = _granuleIn(decimals);
        uint80 divided;
        uint80 recourse;
        (price, divided, recourse) =
            _appraise(order, isAsk, voucher, amount, seller, buyer, granule);
        if (levy != 0) fee = _feeOn(price, levy, granule);
        require(_isSigned(maker, digest, signature), OrderSignatureInvalid(maker));
        _requireWithinLimit(isAsk, price, fee, limit);
        delivered = _deliver(voucher, divided, seller, buyer, amount);
        if (recourse != 0) _pushRecourse(delivered, Recourse(seller, recourse, false));
        emit OrderFilled(
            digest,
            maker,
            msg.sender,
            isAsk ? Side.Ask : Side.Bid,
            currency,
            order.nonce,
            delivered,
            amount,
            left,
            price,
            fee
        );
        // The fee is on top if the buyer fills, out of the price if the seller does.
        _move(token, decimals, buyer, seller, isAsk ? price : price - fee);
        if (fee != 0) _payFee(token, decimals, buyer, fee);
    }

    /* ADMINISTRATOR */

    /// @inheritdoc IOrders
    function setFee(uint32 newFee, address newRecipient) external restricted {
        bool hasRecipient = newRecipient != address(0) && newRecipient != address(this);
        require(newFee <= feeCap && (newFee == 0 || hasRecipient), FeeInvalid(newFee, feeCap));
        _setLevy(newFee);
        _tariff = Tariff(newFee, newRecipient);
        emit FeeSet(newFee, newRecipient);
    }

    /* VIEWS */

    /// @inheritdoc IOrders
    function quote(Order calldata order, VoucherId voucher, uint80 amount)
        external
        view
        returns (uint80 price, uint80 fee)
    {
        _requireOpen(order, order.maker, orderDigest(order), amount);
        bool isAsk = order.side == Side.Ask;
        (address seller, address buyer) = (order.maker, msg.sender);
        if (!isAsk) {
            // Who holds it is all that is asked for.
            // slither-disable-next-line unused-return
            (seller,,) = ledger.positionOf(voucher);
            buyer = order.maker;
        }
        Purse memory purse = _purseOf(order.currency);
        uint256 granule = _granuleIn(purse.decimals);
        (price,,) = _appraise(order, isAsk, voucher, amount, seller, buyer, granule);
        fee = _feeOn(price, purse.levy, granule);
    }

    /// @inheritdoc IOrders
    function leftOf(Order calldata order) external view returns (uint80 left) {
        if (block.timestamp > order.expiry) return 0;
        (left,,) = _leftOf(order, order.maker, orderDigest(order));
    }

    /// @inheritdoc IOrders
    function feeOf() external view returns (uint32 fee, address recipient) {
        return (_tariff.fee, _tariff.recipient);
    }

    /// @inheritdoc IOrders
    function orderDigest(Order calldata) public view returns (bytes32) {
        // Every function that asks has to have the order as its first argument: there it is, word for word as
        // `abi.encode` has it. Encoding it again would cost 560 gas.
        return _hashTypedDataV4(keccak256(bytes.concat(_ORDER_TYPEHASH, msg.data[4:484])));
    }

    /* APPRAISE */

    function _requireTaker(address taker, address maker) private view {
        require(
            (taker == address(0) || taker == msg.sender) && maker != msg.sender,
            TakerNotAdmitted(msg.sender, taker)
        );
    }

    /// @dev How much is left of an order, if so much of it can be filled now.
    function _requireOpen(Order calldata order, address maker, bytes32 digest, uint80 amount)
        private
        view
        returns (uint80 left, Word storage word, uint256 content)
    {
        require(block.timestamp <= order.expiry, OrderExpired(order.expiry, block.timestamp));
        uint80 least = order.least;
        require(least != 0 && least <= order.amount, OrderInvalid("least"));
        (left, word, content) = _leftOf(order, maker, digest);
        require(left != 0, OrderClosed(maker, order.nonce));
        require(
            amount <= left && (amount >= least || amount == left),
            FillOutOfRange(amount, least, left)
        );
    }

    /// @dev Takes so much of an order; returns what is left then.
    function _useUp(Order calldata order, address maker, bytes32 digest, uint80 amount)
        private
        returns (uint80)
    {
        (uint80 left, Word storage word, uint256 content) =
            _requireOpen(order, maker, digest, amount);
        return _take(order, maker, digest, left, word, content, amount);
    }

    /// @dev What voucher and receivable have to be, and what it costs.
    /// @return price In whole granules.
    /// @return divided What the voucher has, if it has to be divided.
    /// @return recourse What the seller will answer for.
    function _appraise(
        Order calldata order,
        bool isAsk,
        VoucherId voucher,
        uint80 amount,
        address seller,
        address buyer,
        uint256 granule
    ) private view returns (uint80 price, uint80 divided, uint80 recourse) {
        bool isPlain = isAsk && order.quotation == Quotation.Amount;
        if (order.scope == Scope.Voucher) {
            _requireInScope(order, voucher, VoucherId.unwrap(voucher));
        } else {
            isPlain = false;
        }
        uint256 daysLeft;
        // The most frequent order, an ask at an amount for one voucher, asks nothing of the receivable.
        uint80 promised = order.recourse;
        if (!isPlain || promised != 0 || order.dueBy != 0) {
            (daysLeft, recourse) = _appraiseReceivable(order, voucher, amount, buyer, isPlain);
        }
        // What a seller answers for is value; an amount counts the rest: only without a claim they agree.
        divided = _requireDeliverable(voucher, seller, amount, promised != 0);
        price = _priceOf(order, amount, daysLeft, granule);
    }

    /// @dev What an order asks of the receivable behind a voucher.
    /// @param isPlain Whether it is an ask at an amount for one voucher.
    /// @return daysLeft To the due day, for a rate.
    /// @return recourse What the seller will answer for.
    function _appraiseReceivable(
        Order calldata order,
        VoucherId voucher,
        uint80 amount,
        address buyer,
        bool isPlain
    ) private view returns (uint256 daysLeft, uint80 recourse) {
        (address obligor, uint16 programme, uint8 currency, uint16 dueDay) =
            ledger.outlineOf(voucher.receivableOf());
        if (order.scope == Scope.Receivable) {
            _requireInScope(order, voucher, voucher.receivableOf().toSlot());
        } else if (order.scope == Scope.Obligor) {
            _requireInScope(order, voucher, uint160(obligor));
        } else if (order.scope == Scope.Programme) {
            _requireInScope(order, voucher, programme);
        }
        require(isPlain || order.currency == currency, OrderInvalid("currency"));
        uint256 earliest = isPlain ? 0 : Calendar.today();
        uint256 latest = order.dueBy == 0 ? type(uint16).max : order.dueBy;
        require(earliest <= dueDay && dueDay <= latest, DueDayNotAdmitted(dueDay, earliest, latest));
        if (order.recourse != 0) {
            require(buyer != obligor, IRecourses.ObligorHasNoRecourse(obligor));
            recourse = _recourseFor(order, amount, _granuleOf(currency));
        }
        return (dueDay - earliest, recourse);
    }

    /// @dev Against whoever fills: a buyer is answered for less, a seller answers for more.
    function _recourseFor(Order calldata order, uint80 amount, uint256 granule)
        private
        pure
        returns (uint80)
    {
        require(order.recourse <= order.amount, OrderInvalid("recourse"));
        _requireExpressible(order.recourse, granule);
        bool up = order.side == Side.Bid;
        return Pricing.share(order.recourse, amount, order.amount, granule, up);
    }

    /// @dev In whole granules, and at most 80 bits: a share of the order's price, or less than the amount.
    /// Rounded against whoever fills: buyers up, sellers down.
    function _priceOf(Order calldata order, uint80 amount, uint256 daysLeft, uint256 granule)
        private
        pure
        returns (uint80 price)
    {
        price = order.price;
        Quotation quotation = order.quotation;
        if (quotation != Quotation.Amount) {
            _requireExpressible(amount, granule);
            bool up = order.side == Side.Ask;
            price = Pricing.atRate(amount, quotation, order.dayCount, price, daysLeft, granule, up);
        } else {
            _requireExpressible(price, granule);
            if (amount != order.amount) {
                bool up = order.side == Side.Ask;
                price = Pricing.share(price, amount, order.amount, granule, up);
            }
        }
        require(price != 0, PriceIsZero());
    }

    function _feeOn(uint80 price, uint32 levy, uint256 granule) private pure returns (uint80) {
        return levy == 0 ? 0 : Pricing.share(price, levy, Pricing.MILLION, granule, false);
    }

    /// @dev Who would pay it to itself does not.
    function _payFee(IERC20 token, uint8 decimals, address buyer, uint80 fee) private {
        address recipient = _tariff.recipient;
        if (recipient != buyer) _move(token, decimals, buyer, recipient, fee);
    }

    /* REQUIRE */

    function _requireWithinLimit(bool isAsk, uint80 price, uint80 fee, uint256 limit) private pure {
        uint256 total;
        // Both have 80 bits, and a fee is a share of its price.
        unchecked {
            total = isAsk ? uint256(price) + fee : price - fee;
        }
        require(isAsk ? total <= limit : total >= limit, PriceWorseThanLimit(total, limit));
    }

    function _requireInScope(Order calldata order, VoucherId voucher, uint256 subject)
        private
        pure
    {
        require(order.subject == subject, NotInScope(voucher, order.scope, order.subject));
    }

    function _requireExpressible(uint256 amount, uint256 granule) private pure {
        require(
            granule == 1 || amount % granule == 0, ICurrencies.AmountNotExpressible(amount, granule)
        );
    }

    /// @dev A key's signature is looked at first: asking whether the maker is a contract costs 2,600 gas. An
    /// account with both (EIP-7702) is its key's.
    function _isSigned(address maker, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool)
    {
        // Why it recovers to nobody is no matter.
        // slither-disable-next-line unused-return
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        // What recovers to nobody is nobody's.
        if (signer == maker && signer != address(0)) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(maker, digest, signature);
    }
}
