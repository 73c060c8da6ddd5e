// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IExchange} from "contracts/interfaces/IExchange.sol";
import {IOrders} from "contracts/interfaces/IOrders.sol";
import {IRecourses} from "contracts/interfaces/IRecourses.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {DayCount, Order, Quotation, Recourse, Scope, Side} from "contracts/types/FinanceTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice An exchange beside the ledger. Alice has the voucher and sells, Bob buys, Carol buys from him;
/// each has cash, and has allowed the exchange all of it and her or his vouchers.
abstract contract ExchangeTest is LedgerTest {
    uint32 internal constant FEE_CAP = 10_000;
    uint80 internal constant PRICE = 950_000e6;

    IExchange internal exchange;
    ReceivableId internal id;
    VoucherId internal voucher;
    address internal carol = makeAddr("carol");
    address internal collector = makeAddr("fee collector");
    mapping(address party => uint256 key) internal keys;
    uint256 private _nonce;

    function setUp() public virtual override {
        super.setUp();
        exchange = _newExchange(FEE_CAP);
        string[5] memory names = ["obligor", "creditor", "alice", "bob", "carol"];
        for (uint256 i = 0; i < names.length; ++i) {
            (address party, uint256 key) = makeAddrAndKey(names[i]);
            keys[party] = key;
            _trader(party);
        }
        (id, voucher) = _accepted();
        _give(voucher, creditor, alice);
    }

    function _newExchange(uint32 feeCap) internal returns (IExchange fresh) {
        bytes memory arguments = abi.encode(address(roles), ledger, feeCap);
        fresh = IExchange(deployCode("Exchange.sol:Exchange", arguments));
        _verify(address(fresh));
        ledger.setCustodian(address(fresh), true);
    }

    /// @dev A verified party with cash, which has allowed the exchange all of it, and its vouchers.
    function _trader(address party) internal {
        _verify(party);
        _fundFor(party, cash);
        vm.prank(party);
        ledger.setApprovalForAll(address(exchange), true);
    }

    function _fundFor(address party, TestCurrency token) internal {
        _fund(party, token);
        _allow(party, token, type(uint256).max);
    }

    function _allow(address payer, TestCurrency token, uint256 amount) internal {
        vm.prank(payer);
        token.approve(address(exchange), amount);
    }

    /// @dev From now on `voucher` is Alice's, in a currency that this token pays, of which all have plenty.
    function _tradeIn(TestCurrency token) internal returns (uint8 currency) {
        currency = _addToken(token);
        _receiveIn(currency);
        address[4] memory parties = [creditor, alice, bob, carol];
        for (uint256 i = 0; i < parties.length; ++i) {
            _fundFor(parties[i], token);
        }
    }

    /// @dev From now on `voucher` is a new one of Alice's, in this currency.
    function _receiveIn(uint8 currency) internal {
        (id, voucher) = _accepted(_termsIn(currency));
        _give(voucher, creditor, alice);
    }

    /* ORDERS */

    /// @dev Alice sells her voucher for 95 %, all or nothing, to anyone, within a day.
    function _ask() internal returns (Order memory) {
        return Order({
            maker: alice,
            taker: address(0),
            side: Side.Ask,
            scope: Scope.Voucher,
            subject: _raw(voucher),
            currency: eur,
            amount: FACE,
            least: FACE,
            quotation: Quotation.Amount,
            dayCount: DayCount.Act360,
            price: PRICE,
            recourse: 0,
            dueBy: 0,
            expiry: uint40(block.timestamp + 1 days),
            nonce: ++_nonce
        });
    }

    /// @dev Alice sells it in parts.
    function _askInParts() internal returns (Order memory order) {
        order = _ask();
        order.least = 1;
    }

    /// @dev Bob buys vouchers of the obligor, in parts, at a discount of 5.25 %.
    function _bid() internal returns (Order memory order) {
        order = _askInParts();
        order.maker = bob;
        order.side = Side.Bid;
        order.scope = Scope.Obligor;
        order.subject = uint160(obligor);
        order.quotation = Quotation.Discount;
        order.price = 52_500;
    }

    function _sign(Order memory order) internal view returns (bytes memory) {
        return _signWith(order, keys[order.maker]);
    }

    function _signWith(Order memory order, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, exchange.orderDigest(order));
        return abi.encodePacked(r, s, v);
    }

    /// @dev Bob fills an ask, Alice a bid, with `voucher`, at any price.
    function _fill(Order memory order, uint80 amount)
        internal
        returns (VoucherId delivered, uint80 price, uint80 fee)
    {
        return _fillAs(order.side == Side.Ask ? bob : alice, order, amount);
    }

    function _fillAs(address filler, Order memory order, uint80 amount)
        internal
        returns (VoucherId delivered, uint80 price, uint80 fee)
    {
        return _fillSigned(filler, order, _sign(order), amount);
    }

    function _fillSigned(address filler, Order memory order, bytes memory signature, uint80 amount)
        internal
        returns (VoucherId delivered, uint80 price, uint80 fee)
    {
        vm.prank(filler);
        return exchange.fill(order, signature, voucher, amount, _anyPrice(order));
    }

    /// @dev A buyer pays anything, a seller takes anything.
    function _anyPrice(Order memory order) internal pure returns (uint256) {
        return order.side == Side.Ask ? type(uint256).max : 0;
    }

    /// @dev Bob or Alice fills it, and is refused.
    function _refuse(Order memory order, uint80 amount, bytes memory reason) internal {
        bytes memory signature = _sign(order);
        vm.expectRevert(reason);
        _fillSigned(order.side == Side.Ask ? bob : alice, order, signature, amount);
    }

    function _refuse(Order memory order, bytes memory reason) internal {
        _refuse(order, order.amount, reason);
    }

    /// @dev `from` sells `voucher` whole, and answers for `recourse` of its value.
    function _sell(address from, address to, uint80 recourse) internal {
        (, uint80 value, uint80 claimed) = ledger.positionOf(voucher);
        Order memory order = _ask();
        order.maker = from;
        order.amount = value - claimed;
        order.least = order.amount;
        order.recourse = recourse;
        _fillAs(to, order, order.amount);
    }

    /* WHAT MUST HOLD */

    function _assertRecourse(VoucherId of_, uint256 place, address seller, uint80 amount)
        internal
        view
    {
        Recourse memory recourse = exchange.recourseOf(of_, place);
        assertEq(recourse.seller, seller, "seller");
        assertEq(recourse.amount, amount, "recourse");
    }

    /// @dev The exchange keeps nothing.
    function _assertEmpty() internal view {
        assertEq(ledger.balanceOf(address(exchange)), 0, "vouchers");
        assertEq(cash.balanceOf(address(exchange)), 0, "cash");
    }

    /* REASONS */

    function _orderClosed(Order memory order) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrders.OrderClosed.selector, order.maker, order.nonce);
    }

    function _orderInvalid(bytes32 rule) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrders.OrderInvalid.selector, rule);
    }

    function _outOfRange(uint256 amount, uint256 least, uint256 left)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IOrders.FillOutOfRange.selector, amount, least, left);
    }

    function _notSigned(address maker) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrders.OrderSignatureInvalid.selector, maker);
    }

    function _notInScope(Order memory order) internal view returns (bytes memory) {
        return
            abi.encodeWithSelector(IOrders.NotInScope.selector, voucher, order.scope, order.subject);
    }

    function _dueDayNotAdmitted(uint256 dueDay, uint256 earliest, uint256 latest)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IOrders.DueDayNotAdmitted.selector, dueDay, earliest, latest);
    }

    function _notHolder(address party, address holder) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IExchange.NotHolder.selector, party, voucher, holder);
    }

    function _claimedOn(uint256 claimed) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IExchange.VoucherClaimedOn.selector, voucher, claimed);
    }

    function _exceeds(uint256 amount, uint256 left) internal view returns (bytes memory) {
        return
            abi.encodeWithSelector(IExchange.AmountExceedsVoucher.selector, voucher, amount, left);
    }

    function _notExpressible(uint256 amount, uint256 granule) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, amount, granule);
    }

    function _isOffChain(uint8 currency) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ICurrencies.CurrencyIsOffChain.selector, currency);
    }

    function _obligorHasNone() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IRecourses.ObligorHasNoRecourse.selector, obligor);
    }
}
