// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IExchange} from "contracts/interfaces/IExchange.sol";

import {ContractWallet} from "contracts/mocks/ContractWallet.sol";
import {DayCount, Order, Quotation, Scope, Side} from "contracts/types/FinanceTypes.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Whose signature an order bears, and what exactly was signed.
contract SignaturesTest is ExchangeTest {
    uint256 private constant _CURVE_ORDER =
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant _TYPEHASH = keccak256(
        "Order(address maker,address taker,uint8 side,uint8 scope,uint256 subject,uint8 currency,uint80 amount,uint80 least,uint8 quotation,uint8 dayCount,uint80 price,uint80 recourse,uint16 dueBy,uint40 expiry,uint256 nonce)"
    );

    /* WHAT IS SIGNED */

    function test_the_digest_is_eip_712() external {
        Order memory order = _ask();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Duebill Exchange"),
                keccak256("1"),
                block.chainid,
                address(exchange)
            )
        );
        bytes32 contents = keccak256(abi.encode(_TYPEHASH, order));
        assertEq(
            exchange.orderDigest(order), keccak256(abi.encodePacked("\x19\x01", domain, contents))
        );
    }

    function test_the_domain_is_told() external view {
        (, string memory name, string memory version, uint256 chainId, address self,,) =
            IERC5267(address(exchange)).eip712Domain();
        assertEq(name, "Duebill Exchange");
        assertEq(version, "1");
        assertEq(chainId, block.chainid);
        assertEq(self, address(exchange));
    }

    function test_threat_42_every_field_changes_the_digest() external {
        Order memory order = _ask();
        bytes32 digest = exchange.orderDigest(order);
        for (uint256 i = 0; i < 15; ++i) {
            Order memory other = abi.decode(abi.encode(order), (Order));
            _change(other, i);
            assertNotEq(exchange.orderDigest(other), digest, vm.toString(i));
        }
    }

    function test_threat_42_a_changed_order_is_not_signed() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        order.price = 1;
        vm.expectRevert(_notSigned(alice));
        _fillSigned(bob, order, signature, FACE);
    }

    /* WHERE IT COUNTS */

    function test_threat_18_reverts_when_it_was_signed_for_another_exchange() external {
        Order memory order = _ask();
        IExchange first = exchange;
        exchange = _newExchange(FEE_CAP);
        bytes memory signature = _sign(order);
        exchange = first;
        vm.expectRevert(_notSigned(alice));
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_18_reverts_when_it_was_signed_for_another_chain() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        vm.chainId(block.chainid + 1);
        vm.expectRevert(_notSigned(alice));
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_19_reverts_when_it_was_used() external {
        Order memory order = _ask();
        _fill(order, FACE);
        _give(voucher, bob, alice);
        _refuse(order, _orderClosed(order));
    }

    /* WHOSE IT IS */

    function test_reverts_when_another_signed() external {
        Order memory order = _ask();
        bytes memory signature = _signWith(order, keys[carol]);
        vm.expectRevert(_notSigned(alice));
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_20_reverts_when_s_is_high() external {
        Order memory order = _ask();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[alice], exchange.orderDigest(order));
        bytes memory signature =
            abi.encodePacked(r, bytes32(_CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : 27);
        vm.expectRevert(_notSigned(alice));
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_20_reverts_when_the_length_is_wrong(uint8 length) external {
        vm.assume(length != 65);
        Order memory order = _ask();
        bytes memory whole = _sign(order);
        bytes memory signature = new bytes(length);
        for (uint256 i = 0; i < length && i < 65; ++i) {
            signature[i] = whole[i];
        }
        vm.expectRevert(_notSigned(alice));
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_20_nobody_signs_for_the_zero_address() external {
        Order memory order = _bid();
        order.maker = address(0);
        vm.expectRevert(_notSigned(address(0)));
        _fillSigned(alice, order, new bytes(65), FACE);
    }

    /* CONTRACTS (ERC-1271) */

    function test_a_contract_signs_by_its_own_word() external {
        (ContractWallet wallet, Order memory order) = _walletsAsk();
        _fillSigned(bob, order, _signWith(order, keys[alice]), FACE);
        _assertVoucher(voucher, bob, FACE);
        assertEq(cash.balanceOf(address(wallet)), PRICE);
    }

    function test_reverts_when_the_contract_says_no() external {
        (ContractWallet wallet, Order memory order) = _walletsAsk();
        ContractWallet.Answer[2] memory answers =
            [ContractWallet.Answer.Invalid, ContractWallet.Answer.Reverting];
        for (uint256 i = 0; i < answers.length; ++i) {
            wallet.setAnswer(answers[i], 0);
            vm.expectRevert(_notSigned(address(wallet)));
            _fillSigned(bob, order, "", FACE);
        }
    }

    function test_threat_21_a_contract_is_asked_at_each_fill() external {
        (ContractWallet wallet, Order memory order) = _walletsAsk();
        order.least = 1;
        wallet.setAnswer(ContractWallet.Answer.Changing, block.timestamp + 1);
        _fillSigned(bob, order, "", 1e6);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(_notSigned(address(wallet)));
        _fillSigned(bob, order, "", 1e6);
    }

    function test_threat_21_a_contract_that_burns_gas_is_refused() external {
        (ContractWallet wallet, Order memory order) = _walletsAsk();
        wallet.setAnswer(ContractWallet.Answer.GasBurning, 0);
        vm.expectRevert(_notSigned(address(wallet)));
        vm.prank(bob);
        exchange.fill{gas: 5_000_000}(order, "", voucher, FACE, PRICE);
    }

    /* INTERNAL */

    /// @dev The voucher is a wallet's, owned by Alice's key, who sells it.
    function _walletsAsk() private returns (ContractWallet wallet, Order memory order) {
        wallet = new ContractWallet(alice);
        _verify(address(wallet));
        _give(voucher, alice, address(wallet));
        wallet.act(
            address(ledger), abi.encodeCall(ledger.setApprovalForAll, (address(exchange), true))
        );
        order = _ask();
        order.maker = address(wallet);
    }

    function _change(Order memory order, uint256 field) private pure {
        if (field == 0) order.maker = address(1);
        if (field == 1) order.taker = address(1);
        if (field == 2) order.side = Side.Bid;
        if (field == 3) order.scope = Scope.Obligor;
        if (field == 4) ++order.subject;
        if (field == 5) ++order.currency;
        if (field == 6) ++order.amount;
        if (field == 7) --order.least;
        if (field == 8) order.quotation = Quotation.Yield;
        if (field == 9) order.dayCount = DayCount.Act365F;
        if (field == 10) ++order.price;
        if (field == 11) ++order.recourse;
        if (field == 12) ++order.dueBy;
        if (field == 13) ++order.expiry;
        if (field == 14) ++order.nonce;
    }
}
