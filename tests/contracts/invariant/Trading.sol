// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IExchange} from "contracts/interfaces/IExchange.sol";
import {IOffers} from "contracts/interfaces/IOffers.sol";
import {IOrders} from "contracts/interfaces/IOrders.sol";
import {IParties} from "contracts/interfaces/IParties.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {IRecourses} from "contracts/interfaces/IRecourses.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Vm} from "forge-std/Vm.sol";

import {Pricing} from "contracts/libraries/Pricing.sol";
import {Status} from "contracts/types/DataTypes.sol";
import {
    DayCount,
    Offer,
    OfferStatus,
    Order,
    Quotation,
    Recourse,
    Scope,
    Side
} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {Desks} from "./Desks.sol";

/// @notice Orders, offers and recourse, as they are foretold and as the exchange's events tell them.
abstract contract Trading is Desks {
    using SafeCast for uint256;

    /// @dev An order that somebody signed, mostly its maker.
    struct Signed {
        Order order;
        address signer;
        bytes32 digest;
    }

    /// @dev A fill that is being foretold.
    struct Fill {
        uint256 voucher;
        uint256 amount;
        address by;
        address seller;
        address buyer;
        uint256 daysLeft;
        uint256 price;
        uint256 fee;
        uint256 recourse;
        uint256 limit;
    }

    /// @dev Recourse that is asked for.
    struct Ask {
        bytes4 refusal;
        address seller;
        bool honoured;
        uint256 amount;
        // What nobody answers for any more: the promise that is kept, and the holder's own.
        int256 gone;
    }

    uint256 private constant _MILLION = 1_000_000;

    // What was signed off the chain.
    Signed[] private _orders;
    mapping(bytes32 digest => uint256 index) private _orderAt;
    Offer[] private _offers;
    uint256 private _offerSalt;

    // What the events say.
    mapping(bytes32 order => uint256 units) private _filled;
    mapping(address maker => mapping(uint256 nonce => bytes32 order)) private _orderOf;
    mapping(address maker => mapping(uint256 nonce => bool)) private _cancelled;
    mapping(address maker => uint256 floor) private _floors;
    mapping(bytes32 offer => OfferStatus) private _offerStatus;
    mapping(uint256 voucher => Recourse[]) private _stacks;
    uint32 private _fee;
    address private _feeRecipient;

    // What sellers answer for in all; what it grew by in the last call.
    int256 private _promised;
    // Vouchers that sellers answer for, or did.
    uint256[] private _backed;

    uint256[] private _touchedOrders;
    bytes32[] private _touchedOffers;
    uint256[] private _touchedStacks;

    /* SIGN */

    function sign(uint256 seed, uint256 toSeed, uint256 amount) public {
        (seed, toSeed) = (_mix(seed, 1), _mix(toSeed, 2));
        uint256 id = _lively(seed);
        if (id == 0) return;
        Signed memory s;
        Order memory o = s.order;
        o.side = Side((seed >> 8) % 2);
        o.maker = o.side == Side.Ask ? vouchers[id].holder : people[toSeed % 7];
        if ((seed >> 16) % 8 == 0) {
            o.taker = o.side == Side.Ask ? _person(toSeed >> 8) : vouchers[id].holder;
        }
        _aim(o, id, seed >> 24);
        _size(o, id, amount);
        _value(o, seed >> 64);
        o.expiry = uint40(block.timestamp + ((seed >> 128) % 16 == 0 ? 0 : (seed >> 136) % 90 days));
        o.nonce = (seed >> 168) % 512;
        s.digest = exchange.orderDigest(o);
        s.signer = _mostly(o.maker, seed >> 184);
        if (_orderAt[s.digest] != 0) return;
        _orders.push(s);
        _orderAt[s.digest] = _orders.length;
    }

    function _aim(Order memory o, uint256 id, uint256 seed) private view {
        ReceivableShadow storage r = receivables[id >> 64];
        o.scope = Scope(seed % 4);
        if (o.scope == Scope.Voucher) o.subject = id;
        else if (o.scope == Scope.Receivable) o.subject = id >> 64;
        else if (o.scope == Scope.Obligor) o.subject = uint160(r.obligor);
        else o.subject = r.programme;
        o.currency = (seed >> 8) % 16 == 0 ? uint8(1 + ((seed >> 16) % currencies)) : r.currency;
        if ((seed >> 24) % 8 < 2) o.dueBy = uint16(r.dueDay - (seed >> 24) % 8);
    }

    /// @dev How much in all, how little at once, and how much of it the seller answers for.
    function _size(Order memory o, uint256 id, uint256 amount) private view {
        amount = _mix(amount, 3);
        uint256 granule = _granuleOf(id);
        uint256 total = _part(_worth(id), granule, amount);
        if (o.scope != Scope.Voucher && total < type(uint80).max / 2) {
            total *= 1 + (amount >> 96) % 2;
        }
        o.amount = total.toUint80();
        o.least = uint80(_part(total, granule, amount >> 100));
        if ((amount >> 196) % 4 == 0) o.least = granule.toUint80();
        if ((amount >> 204) % 4 < 2) o.recourse = uint80(_part(total, granule, amount >> 206));
        // Now and then it contradicts itself, or cannot be expressed.
        if ((amount >> 240) % 32 == 0) ++o.recourse;
        if ((amount >> 248) % 64 == 0) o.least = 0;
    }

    function _value(Order memory o, uint256 seed) private view {
        o.quotation = Quotation(seed % 3);
        o.dayCount = DayCount((seed >> 8) % 2);
        if (o.quotation != Quotation.Amount) {
            o.price = uint80((seed >> 16) % 32 == 0 ? 10 * _MILLION + 1 : (seed >> 24) % 400_000);
            return;
        }
        uint256 price = uint256(o.amount) * (90 + (seed >> 16) % 12) / 100;
        uint256 granule = (seed >> 24) % 32 == 0 ? 1 : _granule(o.currency);
        price -= price % granule;
        o.price = uint80(price > type(uint80).max ? 0 : price);
    }

    /// @dev As when a seller and a buyer agree.
    function signAndFill(uint256 seed, uint256 toSeed, uint256 amount) public {
        uint256 before = _orders.length;
        sign(seed, toSeed, amount);
        if (_orders.length != before) _fill(_orders[before], _mix(toSeed, 5), amount);
    }

    /* FILL */

    function fill(uint256 seed, uint256 toSeed, uint256 amount) public {
        (seed, toSeed) = (_mix(seed, 1), _mix(toSeed, 2));
        if (_orders.length == 0) return;
        uint256 range = _orders.length < 12 ? _orders.length : 12;
        _fill(_orders[_orders.length - 1 - seed % range], toSeed, amount);
    }

    function _fill(Signed memory s, uint256 toSeed, uint256 amount) private {
        Fill memory f;
        f.voucher = _found(s.order, toSeed);
        if (f.voucher == 0) return;
        bool isAsk = s.order.side == Side.Ask;
        f.by = isAsk ? _person(toSeed >> 64) : vouchers[f.voucher].holder;
        if (s.order.taker != address(0)) f.by = _mostly(s.order.taker, toSeed >> 72);
        // Nobody acts in a desk's name.
        if (isDesk[f.by]) f.by = _person(toSeed >> 64);
        f.amount = _bite(s, f.voucher, amount);
        (f.seller, f.buyer) = isAsk ? (s.order.maker, f.by) : (f.by, s.order.maker);
        _fillForetold(s, f, _appraise(s, f), toSeed >> 96);
    }

    /// @dev One that the order is about, if a few tries find one.
    function _found(Order memory o, uint256 seed) private view returns (uint256 id) {
        if (o.scope == Scope.Voucher && seed % 16 != 0) {
            return vouchers[o.subject].holder == address(0) ? 0 : o.subject;
        }
        for (uint256 i = 0; i < 12; ++i) {
            id = _voucher(_mix(seed, i));
            ReceivableShadow storage r = receivables[id >> 64];
            bool isSold = o.side == Side.Bid || vouchers[id].holder == o.maker;
            bool isPaid = r.currency == o.currency || seed % 8 == 0;
            if (isSold && isPaid && _isAbout(o, id, r)) return id;
        }
        // Now and then one that it is not about.
        if (seed % 4 != 0) id = 0;
    }

    function _isAbout(Order memory o, uint256 id, ReceivableShadow storage r)
        private
        view
        returns (bool)
    {
        if (o.scope == Scope.Voucher) return o.subject == id;
        if (o.scope == Scope.Receivable) return o.subject == id >> 64;
        if (o.scope == Scope.Obligor) return o.subject == uint160(r.obligor);
        return o.subject == r.programme;
    }

    /// @dev Mostly all that order and voucher have, or an amount between.
    function _bite(Signed memory s, uint256 id, uint256 seed) private view returns (uint256) {
        seed = _mix(seed, 4);
        uint256 left = _left(s);
        uint256 most = _worth(id);
        if (left != 0 && left < most) most = left;
        if (seed % 2 == 0) return most;
        if (seed % 16 == 1) return most == type(uint80).max ? most : most + 1;
        return _part(most, _granule(s.order.currency), seed >> 8);
    }

    function _fillForetold(Signed memory s, Fill memory f, bytes4 refusal, uint256 seed) private {
        bool isAsk = s.order.side == Side.Ask;
        f.limit = isAsk ? f.price + f.fee : f.price - f.fee;
        bool greedy = refusal == 0 && seed % 16 == 0 && f.limit != 0;
        if (greedy) f.limit = isAsk ? f.limit - 1 : f.limit + 1;
        if (refusal == 0 && (s.signer != s.order.maker || keys[s.signer] == 0)) {
            refusal = IOrders.OrderSignatureInvalid.selector;
        }
        if (refusal == 0 && greedy) refusal = IOrders.PriceWorseThanLimit.selector;
        if (refusal == 0 && !_canSettle(s.order, f)) refusal = REFUSED;
        if (refusal == 0) _fund(f.buyer, s.order.currency, f.price + f.fee);
        uint256[3] memory purses = _pursesOf(f, s.order.currency);
        int256 before = _promised;
        bytes memory answer =
            _at(address(exchange), f.by, f.voucher, f.seller, _fillCall(s, f), refusal);
        if (refusal != 0) return;
        assertEq(_promised - before, int256(f.recourse), "recourse of a sale");
        _assertFilled(f, answer);
        _assertPaid(f, s.order.currency, isAsk, purses);
    }

    function _fillCall(Signed memory s, Fill memory f) private view returns (bytes memory) {
        bytes memory signature = _sign(s.signer, s.digest);
        VoucherId voucher = VoucherId.wrap(f.voucher);
        return
            abi.encodeCall(
                exchange.fill, (s.order, signature, voucher, f.amount.toUint80(), f.limit)
            );
    }

    function _assertFilled(Fill memory f, bytes memory answer) private view {
        (uint256 delivered, uint256 price, uint256 fee) =
            abi.decode(answer, (uint256, uint256, uint256));
        assertEq(price, f.price, "price");
        assertEq(fee, f.fee, "fee");
        _assertDelivered(delivered, f.voucher, f.buyer, f.amount);
    }

    function _pursesOf(Fill memory f, uint8 currency) private view returns (uint256[3] memory) {
        return [_has(f.seller, currency), _has(f.buyer, currency), _has(_feeRecipient, currency)];
    }

    /// @dev The maker has its price, no more and no less; who fills pays the fee.
    function _assertPaid(Fill memory f, uint8 currency, bool isAsk, uint256[3] memory purses)
        private
        view
    {
        uint256 gross = isAsk ? f.price + f.fee : f.price;
        uint256 net = isAsk ? f.price : f.price - f.fee;
        if (f.fee != 0 && _feeRecipient == f.buyer) gross -= f.fee;
        else if (f.fee != 0 && _feeRecipient == f.seller) net += f.fee;
        uint256[3] memory now_ = _pursesOf(f, currency);
        assertEq(now_[0] - purses[0], _inToken(currency, net), "what the seller got");
        assertEq(purses[1] - now_[1], _inToken(currency, gross), "what the buyer paid");
        if (_feeRecipient == f.buyer || _feeRecipient == f.seller) return;
        assertEq(now_[2] - purses[2], _inToken(currency, f.fee), "fee paid");
    }

    function _assertDelivered(uint256 delivered, uint256 voucher, address to, uint256 amount)
        private
        view
    {
        assertEq(delivered >> 64, voucher >> 64, "of the same receivable");
        assertEq(vouchers[delivered].holder, to, "delivered to");
        assertEq(_worth(delivered), amount, "delivered amount");
    }

    /* FORETELLING A FILL */

    /// @dev The error that an order meets before its signature is looked at; 0: none, and a price.
    function _appraise(Signed memory s, Fill memory f) private view returns (bytes4 refusal) {
        refusal = _refusalOfOrder(s, f);
        if (refusal == 0) refusal = _refusalOfScope(s.order, f);
        if (refusal == 0) refusal = _refusalOfVoucher(f.voucher, f.seller, f.amount);
        if (refusal == 0 && s.order.recourse != 0 && vouchers[f.voucher].claimed != 0) {
            refusal = IExchange.VoucherClaimedOn.selector;
        }
        if (refusal == 0) refusal = _priced(s.order, f);
    }

    function _refusalOfOrder(Signed memory s, Fill memory f) private view returns (bytes4) {
        Order memory o = s.order;
        if ((o.taker != address(0) && o.taker != f.by) || o.maker == f.by) {
            return IOrders.TakerNotAdmitted.selector;
        }
        if (block.timestamp > o.expiry) return IOrders.OrderExpired.selector;
        if (o.least == 0 || o.least > o.amount) return IOrders.OrderInvalid.selector;
        uint256 left = _left(s);
        if (left == 0) return IOrders.OrderClosed.selector;
        if (f.amount > left || (f.amount < o.least && f.amount != left)) {
            return IOrders.FillOutOfRange.selector;
        }
        if (tokenOf[o.currency] == address(0)) return ICurrencies.CurrencyIsOffChain.selector;
        return 0;
    }

    function _refusalOfScope(Order memory o, Fill memory f) private view returns (bytes4) {
        ReceivableShadow storage r = receivables[f.voucher >> 64];
        if (!_isAbout(o, f.voucher, r)) return IOrders.NotInScope.selector;
        // The seller says what it wants for the one voucher, whatever the receivable.
        bool plain =
            o.side == Side.Ask && o.quotation == Quotation.Amount && o.scope == Scope.Voucher;
        if (o.currency != r.currency && !plain) return IOrders.OrderInvalid.selector;
        if ((!plain && _dayNow() > r.dueDay) || (o.dueBy != 0 && r.dueDay > o.dueBy)) {
            return IOrders.DueDayNotAdmitted.selector;
        }
        if (!plain) f.daysLeft = r.dueDay - _dayNow();
        if (o.recourse == 0) return 0;
        if (f.buyer == r.obligor) return IRecourses.ObligorHasNoRecourse.selector;
        if (tokenOf[r.currency] == address(0)) return ICurrencies.CurrencyIsOffChain.selector;
        if (o.recourse > o.amount) return IOrders.OrderInvalid.selector;
        uint256 granule = _granule(r.currency);
        if (o.recourse % granule != 0) return ICurrencies.AmountNotExpressible.selector;
        f.recourse = _ratio(o.recourse, f.amount, o.amount, granule, o.side == Side.Bid);
        return 0;
    }

    function _refusalOfVoucher(uint256 id, address holder, uint256 amount)
        private
        view
        returns (bytes4)
    {
        if (vouchers[id].holder != holder) return IExchange.NotHolder.selector;
        if (amount > _worth(id)) return IExchange.AmountExceedsVoucher.selector;
        if (amount < _worth(id) && vouchers[id].claimed != 0) {
            return IExchange.VoucherClaimedOn.selector;
        }
        return 0;
    }

    function _priced(Order memory o, Fill memory f) private view returns (bytes4) {
        uint256 granule = _granule(o.currency);
        bool up = o.side == Side.Ask;
        uint256 whole = o.quotation == Quotation.Amount ? o.price : f.amount;
        if (whole % granule != 0) return ICurrencies.AmountNotExpressible.selector;
        if (o.quotation == Quotation.Amount) {
            f.price = _ratio(o.price, f.amount, o.amount, granule, up);
        } else {
            if (o.price > 10 * _MILLION) return Pricing.RateTooHigh.selector;
            (uint256 part, uint256 of_) = _factor(o, f.daysLeft);
            f.price = _ratio(f.amount, part, of_, granule, up);
        }
        if (f.price == 0) return IOrders.PriceIsZero.selector;
        f.fee = _ratio(f.price, _fee, _MILLION, granule, false);
        return 0;
    }

    /// @dev What a unit costs at a rate, as a fraction.
    function _factor(Order memory o, uint256 daysLeft)
        private
        pure
        returns (uint256 part, uint256 whole)
    {
        uint256 year = _MILLION * (o.dayCount == DayCount.Act360 ? 360 : 365);
        uint256 cost = uint256(o.price) * daysLeft;
        if (o.quotation == Quotation.Yield) return (year, year + cost);
        return (cost < year ? year - cost : 0, year);
    }

    /// @dev `value` x `part` / `whole`, in granules, up or down.
    function _ratio(uint256 value, uint256 part, uint256 whole, uint256 granule, bool up)
        private
        pure
        returns (uint256 result)
    {
        result = value * part / whole;
        result -= result % granule;
        if (up && result * whole < value * part) result += granule;
    }

    function _canSettle(Order memory o, Fill memory f) private view returns (bool) {
        bool delivers = f.amount == _worth(f.voucher)
            ? _canHandOver(f.voucher, f.buyer, address(exchange))
            : _canSplitOff(f.voucher, f.buyer, address(exchange), f.amount);
        if (!delivers) return false;
        uint256 net = o.side == Side.Ask ? f.price : f.price - f.fee;
        if (!_passes(address(exchange), o.currency, f.buyer, f.seller, net)) return false;
        return f.fee == 0 || _feeRecipient == f.buyer
            || _passes(address(exchange), o.currency, f.buyer, _feeRecipient, f.fee);
    }

    /// @dev What is left of an order, whatever its expiry.
    function _left(Signed memory s) private view returns (uint256) {
        (address maker, uint256 nonce) = (s.order.maker, s.order.nonce);
        if (nonce < _floors[maker] || _cancelled[maker][nonce]) return 0;
        bytes32 taken = _orderOf[maker][nonce];
        return taken == 0 || taken == s.digest ? s.order.amount - _filled[s.digest] : 0;
    }

    /* CANCEL */

    function cancelOrders(uint256 seed, bool below) public {
        seed = _mix(seed, 1);
        if (_orders.length == 0) return;
        Order memory o = _orders[_orders.length - 1 - (seed >> 8) % _orders.length].order;
        if (!below) {
            bytes memory data = abi.encodeCall(exchange.cancelNonce, (o.nonce));
            _at(address(exchange), o.maker, 0, address(0), data, 0);
            return;
        }
        // A floor ends all orders below it: low ones, so that some stay.
        uint256 floor = o.nonce / 8;
        bytes4 refusal = floor < _floors[o.maker] ? IOrders.FloorLowered.selector : bytes4(0);
        bytes memory call_ = abi.encodeCall(exchange.cancelNoncesBelow, (floor));
        _at(address(exchange), o.maker, 0, address(0), call_, refusal);
    }

    function setFee(uint256 seed) public {
        seed = _mix(seed, 1);
        uint32 fee = uint32(seed % 4 == 0 ? 0 : (seed >> 8) % (FEE_CAP + FEE_CAP / 16));
        address recipient = _person(seed >> 40);
        if ((seed >> 80) % 8 == 0) recipient = address(0);
        if ((seed >> 80) % 8 == 1) recipient = address(exchange);
        bool valid = recipient != address(0) && recipient != address(exchange);
        bytes4 refusal =
            fee > FEE_CAP || (fee != 0 && !valid) ? IOrders.FeeInvalid.selector : bytes4(0);
        bytes memory data = abi.encodeCall(exchange.setFee, (fee, recipient));
        _at(address(exchange), supervisor, 0, address(0), data, refusal);
        _at(
            address(exchange),
            stranger,
            0,
            address(0),
            data,
            IAccessManaged.AccessManagedUnauthorized.selector
        );
    }

    /* OFFERS */

    function offer(uint256 seed, uint256 toSeed, uint256 amount) public {
        (seed, toSeed) = (_mix(seed, 1), _mix(toSeed, 2));
        uint256 id = _lively(seed);
        if (id == 0) return;
        uint256 value = _part(_worth(id), _granuleOf(id), _mix(amount, 3));
        if ((seed >> 128) % 32 == 0) value = 0;
        if ((seed >> 16) % 16 == 0 && value < type(uint80).max) ++value;
        Offer memory o = Offer({
            from: vouchers[id].holder,
            to: _person(toSeed),
            voucher: VoucherId.wrap(id),
            value: value.toUint80(),
            expiry: uint40(block.timestamp + (toSeed >> 32) % 2 days),
            referenceHash: bytes32(seed),
            documentsRoot: 0,
            salt: ++_offerSalt
        });
        if ((seed >> 24) % 16 == 0) o.expiry = uint40(block.timestamp - 1);
        if ((seed >> 32) % 16 == 0 && _offers.length != 0) o = _anyOffer(seed >> 40);
        address by = _mostly(o.from, seed >> 64);
        bytes4 refusal = _refusalOfOffer(o, by);
        bytes32 key = exchange.offerIdOf(o);
        _at(address(exchange), by, 0, address(0), abi.encodeCall(exchange.makeOffer, (o)), refusal);
        if (refusal == 0) _offers.push(o);
        if (refusal == 0) assertEq(uint8(_offerStatus[key]), uint8(OfferStatus.Open));
    }

    function _refusalOfOffer(Offer memory o, address by) private view returns (bytes4) {
        if (by != o.from) return IParties.CallerNotEntitled.selector;
        if (o.to == o.from) return IOffers.OfferToGiver.selector;
        if (block.timestamp > o.expiry) return IOffers.OfferExpired.selector;
        if (o.value == 0) return ISettlement.AmountIsZero.selector;
        uint256 id = VoucherId.unwrap(o.voucher);
        if (vouchers[id].holder == address(0)) return REFUSED;
        bytes4 refusal = _refusalOfVoucher(id, o.from, o.value);
        if (refusal != 0) return refusal;
        bool made = _offerStatus[keccak256(abi.encode(o))] != OfferStatus.None;
        return made ? IOffers.AlreadyOffered.selector : bytes4(0);
    }

    function answerOffer(uint256 seed, uint256 toSeed) public {
        seed = _mix(seed, 1);
        if (_offers.length == 0) return;
        Offer memory o = _anyOffer(seed >> 8);
        uint256 act = seed % 4;
        address by = _mostly(act == 3 ? o.from : o.to, toSeed);
        bytes4 refusal = 0;
        if (by != (act == 3 ? o.from : o.to)) {
            refusal = IParties.CallerNotEntitled.selector;
        } else if (_offerStatus[keccak256(abi.encode(o))] != OfferStatus.Open) {
            refusal = IOffers.OfferNotOpen.selector;
        }
        if (act == 2 && seed % 8 == 2) {
            _at(
                address(exchange),
                by,
                0,
                address(0),
                abi.encodeCall(exchange.rejectOffer, (o, "no")),
                refusal
            );
        } else if (act == 3) {
            _at(
                address(exchange),
                by,
                0,
                address(0),
                abi.encodeCall(exchange.withdrawOffer, (o)),
                refusal
            );
        } else if (act < 2) {
            _take(o, by, refusal);
        }
    }

    function _take(Offer memory o, address by, bytes4 refusal) private {
        uint256 id = VoucherId.unwrap(o.voucher);
        if (refusal == 0 && block.timestamp > o.expiry) refusal = IOffers.OfferExpired.selector;
        if (refusal == 0 && vouchers[id].holder == address(0)) refusal = REFUSED;
        if (refusal == 0) refusal = _refusalOfVoucher(id, o.from, o.value);
        if (refusal == 0) {
            bool delivers = o.value == _worth(id)
                ? _canHandOver(id, o.to, address(exchange))
                : _canSplitOff(id, o.to, address(exchange), o.value);
            if (!delivers) refusal = REFUSED;
        }
        int256 before = _promised;
        bytes memory data = abi.encodeCall(exchange.acceptOffer, (o));
        bytes memory answer = _at(address(exchange), by, id, o.from, data, refusal);
        if (refusal != 0) return;
        assertEq(_promised, before, "a gift promises nothing");
        _assertDelivered(abi.decode(answer, (uint256)), id, o.to, o.value);
    }

    function _anyOffer(uint256 seed) private view returns (Offer memory) {
        uint256 range = _offers.length < 8 ? _offers.length : 8;
        return _offers[_offers.length - 1 - seed % range];
    }

    /* RECOURSE */

    function exercise(uint256 seed) public {
        seed = _mix(seed, 1);
        uint256 id = _backedVoucher(seed >> 8);
        if (id == 0) return;
        ReceivableShadow storage r = receivables[id >> 64];
        if (seed % 4 == 0 && _statusOf(r) == Status.Accepted) {
            _warp((uint256(r.dueDay) + rules[r.programme].graceDays + 1) * 1 days);
        }
        address by = _mostly(vouchers[id].holder, seed >> 64);
        if (isDesk[by]) by = _person(seed >> 72);
        if (_stacks[id].length != 0 && (seed >> 200) % 4 < 2) {
            address last = _stacks[id][_stacks[id].length - 1].seller;
            _allow(address(exchange), r.currency, last, (seed >> 200) % 4 == 0);
        }
        Ask memory ask = _foretellRecourse(id, by);
        if (ask.honoured) _fund(ask.seller, r.currency, ask.amount);
        uint256 purse = _has(by, r.currency);
        int256 before = _promised;
        bytes memory data = abi.encodeCall(exchange.exerciseRecourse, (VoucherId.wrap(id)));
        bytes memory answer = _at(address(exchange), by, id, by, data, ask.refusal);
        if (ask.refusal != 0) return;
        _assertAsked(ask, answer);
        assertEq(before - _promised, ask.gone, "what is answered for no more");
        uint256 got = ask.honoured ? _inToken(r.currency, ask.amount) : 0;
        assertEq(_has(by, r.currency) - purse, got, "cash against the voucher");
    }

    function _assertAsked(Ask memory ask, bytes memory answer) private pure {
        (bool paid, uint256 units) = abi.decode(answer, (bool, uint256));
        assertEq(paid, ask.honoured, "honoured");
        assertEq(units, ask.amount, "recourse paid or owed");
    }

    function _foretellRecourse(uint256 id, address by) private view returns (Ask memory ask) {
        ReceivableShadow storage r = receivables[id >> 64];
        VoucherShadow storage v = vouchers[id];
        ask.refusal = _refusalToAsk(id, by);
        if (ask.refusal != 0) return ask;
        uint256 place = _stacks[id].length;
        while (place != 0 && _stacks[id][place - 1].seller == by) {
            ask.gone += int256(uint256(_stacks[id][--place].amount));
        }
        if (place == 0) {
            ask.refusal = IRecourses.NoRecourse.selector;
            return ask;
        }
        Recourse memory last = _stacks[id][place - 1];
        ask.seller = last.seller;
        uint256 part = last.amount < v.value ? last.amount : v.value;
        ask.amount = part - _ratio(v.claimed, part, v.value, _granuleOf(id), false);
        ask.honoured = _isActive(last.seller)
            && _isGiven(address(exchange), r.currency, last.seller, address(exchange));
        if (!ask.honoured) return ask;
        bool delivers = part == v.value
            ? _canHandOver(id, address(exchange), address(exchange))
            : _canSplitOff(id, address(exchange), address(exchange), part);
        bool pays = _isWhole(r.currency, ask.amount) && _canMove(r.currency, by);
        if (!delivers || !pays) ask.refusal = REFUSED;
        ask.gone += int256(uint256(last.amount));
    }

    function _refusalToAsk(uint256 id, address by) private view returns (bytes4) {
        ReceivableShadow storage r = receivables[id >> 64];
        if (by != vouchers[id].holder) return IParties.CallerNotEntitled.selector;
        if (by == r.obligor) return IRecourses.ObligorHasNoRecourse.selector;
        if (_statusOf(r) != Status.Overdue) return IReceivables.WrongStatus.selector;
        // What can be redeemed is not asked for.
        return _claimable(id) < _worth(id) ? bytes4(0) : IRecourses.NoRecourse.selector;
    }

    function waive(uint256 seed) public {
        seed = _mix(seed, 1);
        uint256 id = seed % 8 == 0 ? _voucher(seed >> 8) : _backedVoucher(seed >> 8);
        if (id == 0) return;
        address by = _mostly(vouchers[id].holder, seed >> 64);
        if (isDesk[by]) by = _person(seed >> 72);
        bytes4 refusal = 0;
        if (by != vouchers[id].holder) refusal = IParties.CallerNotEntitled.selector;
        else if (_stacks[id].length == 0) refusal = IRecourses.NoRecourse.selector;
        bytes memory data = abi.encodeCall(exchange.waiveRecourse, (VoucherId.wrap(id)));
        _at(address(exchange), by, 0, address(0), data, refusal);
    }

    function _backedVoucher(uint256 seed) private view returns (uint256 id) {
        for (uint256 i = 0; i < 8 && _backed.length != 0; ++i) {
            id = _backed[_mix(seed, i) % _backed.length];
            if (vouchers[id].holder != address(0) && _stacks[id].length != 0) return id;
        }
        return 0;
    }

    /* WHAT THE EVENTS SAY */

    function _foldElsewhere(Vm.Log memory log) internal virtual override returns (bool) {
        if (log.emitter != address(exchange)) return super._foldElsewhere(log);
        require(
            _foldOrder(log) || _foldOffer(log) || _foldRecourse(log),
            "an event of the exchange that the fold does not know"
        );
        return true;
    }

    function _foldOrder(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        address maker =
            log.topics.length > 1 ? address(uint160(uint256(log.topics[1]))) : address(0);
        if (topic == IOrders.OrderFilled.selector) {
            _onFilled(log);
        } else if (topic == IOrders.NonceCancelled.selector) {
            _cancelled[maker][abi.decode(log.data, (uint256))] = true;
        } else if (topic == IOrders.NoncesCancelledBelow.selector) {
            uint256 floor = abi.decode(log.data, (uint256));
            if (floor < _floors[maker]) ++violations[8];
            _floors[maker] = floor;
        } else if (topic == IOrders.FeeSet.selector) {
            (_fee, _feeRecipient) = abi.decode(log.data, (uint32, address));
            if (_fee > FEE_CAP) ++violations[8];
        } else {
            return false;
        }
        return true;
    }

    /// @dev 8: at most its amount, at its price or better for its maker, one order a number, before expiry.
    function _onFilled(Vm.Log memory log) private {
        uint256 index = _orderAt[log.topics[1]];
        if (index == 0) {
            ++violations[8];
            return;
        }
        Signed memory s = _orders[index - 1];
        Order memory o = s.order;
        (,, uint256 nonce, uint256 voucher, uint256 amount, uint256 left, uint256 price,) = abi.decode(
            log.data, (uint8, uint8, uint256, uint256, uint256, uint256, uint256, uint256)
        );
        bool open = _left(s) >= amount && block.timestamp <= o.expiry && nonce == o.nonce;
        bool consented = s.signer == o.maker
            && (o.taker == address(0) || uint256(uint160(o.taker)) == uint256(log.topics[3]));
        if (!open || !consented || !_isFair(o, voucher >> 64, amount, price)) ++violations[8];
        _filled[s.digest] += amount;
        _orderOf[o.maker][nonce] = s.digest;
        if (left != o.amount - _filled[s.digest]) ++violations[8];
        _touchedOrders.push(index - 1);
    }

    /// @dev Not a unit worse for the maker than the exact price: multiplied out, without rounding.
    function _isFair(Order memory o, uint256 receivable, uint256 amount, uint256 price)
        private
        view
        returns (bool)
    {
        (uint256 part, uint256 whole) = (o.price, o.amount);
        if (o.quotation != Quotation.Amount) {
            (part, whole) = _factor(o, receivables[receivable].dueDay - _dayNow());
        }
        return o.side == Side.Ask ? price * whole >= amount * part : price * whole <= amount * part;
    }

    function _foldOffer(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        bytes32 key = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (topic == IOffers.VoucherOffered.selector) _offerStatus[key] = OfferStatus.Open;
        else if (topic == IOffers.OfferAccepted.selector) _offerStatus[key] = OfferStatus.Accepted;
        else if (topic == IOffers.OfferRejected.selector) _offerStatus[key] = OfferStatus.Rejected;
        else if (topic == IOffers.OfferWithdrawn.selector) _offerStatus[key] = OfferStatus.Withdrawn;
        else return false;
        _touchedOffers.push(key);
        return true;
    }

    function _foldRecourse(Vm.Log memory log) private returns (bool) {
        bytes32 topic = log.topics[0];
        uint256 id = log.topics.length > 1 ? uint256(log.topics[1]) : 0;
        address seller =
            log.topics.length > 2 ? address(uint160(uint256(log.topics[2]))) : address(0);
        if (topic == IRecourses.RecourseGiven.selector) {
            (uint256 place, uint80 amount, bool dishonoured) =
                abi.decode(log.data, (uint256, uint80, bool));
            _onGiven(id, place, Recourse(seller, amount, dishonoured));
        } else if (topic == IRecourses.RecourseHonoured.selector) {
            (uint256 place,,) = abi.decode(log.data, (uint256, uint256, uint80));
            _pop(id, place);
        } else if (topic == IRecourses.RecourseDishonoured.selector) {
            (uint256 place,) = abi.decode(log.data, (uint256, uint80));
            _stacks[id][place - 1].dishonoured = true;
        } else if (topic == IRecourses.RecourseWaived.selector) {
            _pop(id, abi.decode(log.data, (uint256)));
        } else {
            return false;
        }
        _touchedStacks.push(id);
        return true;
    }

    function _onGiven(uint256 id, uint256 place, Recourse memory recourse) private {
        Recourse[] storage stack = _stacks[id];
        _promised += int256(uint256(recourse.amount));
        if (place > stack.length) {
            if (stack.length == 0) _backed.push(id);
            stack.push(recourse);
            assertEq(place, stack.length, "place");
        } else {
            _promised -= int256(uint256(stack[place - 1].amount));
            stack[place - 1] = recourse;
        }
    }

    /// @dev A voucher that goes back leaves its stack before it is told that a part takes the rest along.
    function _pop(uint256 id, uint256 place) private {
        Recourse[] storage stack = _stacks[id];
        assertEq(place, stack.length, "the last one goes first");
        _promised -= int256(uint256(stack[place - 1].amount));
        stack.pop();
    }

    /* WHAT MUST HOLD */

    function _forgetTouched() internal virtual override {
        super._forgetTouched();
        delete _touchedOrders;
        delete _touchedOffers;
        delete _touchedStacks;
    }

    /// @dev 8 and 12: the exchange says of itself what its events said, and holds nothing.
    function checkTrading(bool all) public view {
        uint256 count = all ? _orders.length : _touchedOrders.length;
        for (uint256 i = 0; i < count; ++i) {
            _compareOrder(_orders[all ? i : _touchedOrders[i]]);
        }
        for (uint256 i = 0; i < _touchedOffers.length; ++i) {
            _compareOffer(_touchedOffers[i]);
        }
        for (uint256 i = 0; all && i < _offers.length; ++i) {
            _compareOffer(keccak256(abi.encode(_offers[i])));
        }
        count = all ? _backed.length : _touchedStacks.length;
        for (uint256 i = 0; i < count; ++i) {
            _compareStack(all ? _backed[i] : _touchedStacks[i]);
        }
        for (uint8 i = 1; all && i <= currencies; ++i) {
            _checkHolds(address(exchange), i, 0);
        }
        (uint32 fee, address recipient) = exchange.feeOf();
        assertEq(fee, _fee, "fee");
        assertEq(recipient, _feeRecipient, "recipient of the fee");
        assertEq(ledger.balanceOf(address(exchange)), 0, "the exchange holds no voucher");
    }

    function _compareOrder(Signed memory s) private view {
        Order memory o = s.order;
        assertEq(exchange.leftOf(o), block.timestamp > o.expiry ? 0 : _left(s), "left of an order");
        assertLe(_filled[s.digest], o.amount, "filled within the amount");
        bool used = o.nonce < _floors[o.maker] || _cancelled[o.maker][o.nonce]
            || _orderOf[o.maker][o.nonce] != 0;
        assertEq(exchange.isNonceUsed(o.maker, o.nonce), used, "nonce used");
        assertEq(exchange.floorOf(o.maker), _floors[o.maker], "floor");
    }

    function _compareOffer(bytes32 key) private view {
        assertEq(uint8(exchange.offerStatusOf(key)), uint8(_offerStatus[key]), "offer");
    }

    function _compareStack(uint256 id) private view {
        VoucherId voucher = VoucherId.wrap(id);
        Recourse[] storage stack = _stacks[id];
        assertEq(exchange.recourseCount(voucher), stack.length, "depth of the stack");
        for (uint256 i = 0; i < stack.length; ++i) {
            Recourse memory r = exchange.recourseOf(voucher, i + 1);
            assertEq(r.seller, stack[i].seller, "seller");
            assertEq(r.amount, stack[i].amount, "answered for");
            assertEq(r.dishonoured, stack[i].dishonoured, "dishonoured");
        }
    }
}
