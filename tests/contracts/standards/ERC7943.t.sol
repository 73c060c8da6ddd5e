// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {Vm} from "forge-std/Vm.sol";

import {GateMock} from "contracts/mocks/GateMock.sol";
import {Programme} from "contracts/types/DataTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice ERC-7943 in its final version, for tokens with ids.
contract ERC7943Test is LedgerTest {
    IERC7943NonFungible private _rwa;
    VoucherId private _voucher;
    uint256 private _token;

    function setUp() public override {
        super.setUp();
        (, _voucher) = _accepted();
        _token = _raw(_voucher);
        _rwa = IERC7943NonFungible(address(ledger));
    }

    /* CAN SEND, CAN RECEIVE */

    function test_accounts_send_unless_frozen_and_receive_if_verified() external {
        assertTrue(_rwa.canSend(alice));
        assertTrue(_rwa.canReceive(alice));
        assertTrue(_rwa.canSend(stranger));
        assertFalse(_rwa.canReceive(stranger));
        _freezeParty(alice);
        assertFalse(_rwa.canSend(alice));
        assertFalse(_rwa.canReceive(alice));
    }

    function test_account_checks_know_no_single_transfer() external {
        _rwa.setFrozenTokens(creditor, _token, true);
        _pause();
        assertTrue(_rwa.canSend(creditor));
        assertTrue(_rwa.canReceive(creditor));
    }

    function test_views_never_revert(address from, address to, uint256 token, uint64 time)
        external
    {
        vm.warp(time);
        _rwa.canSend(from);
        _rwa.canReceive(to);
        _rwa.canTransfer(from, to, token);
        _rwa.canTransfer(from, to, _token);
        _rwa.getFrozenTokens(from, token);
    }

    /* CAN TRANSFER */

    function test_can_transfer_says_what_transfer_does() external {
        assertTrue(_rwa.canTransfer(creditor, alice, _token));
        assertFalse(_rwa.canTransfer(creditor, stranger, _token));
        assertFalse(_rwa.canTransfer(creditor, address(0), _token));
        _freezeParty(alice);
        assertFalse(_rwa.canTransfer(creditor, alice, _token));
        assertFalse(_rwa.canTransfer(alice, bob, _token));
        _rwa.setFrozenTokens(creditor, _token, true);
        assertFalse(_rwa.canTransfer(creditor, bob, _token));
        assertTrue(_rwa.canTransfer(bob, creditor, _token));
    }

    function test_can_transfer_knows_pause_and_acceptance() external {
        uint256 waiting = _raw(_issued().firstVoucher());
        assertFalse(_rwa.canTransfer(creditor, alice, waiting));
        _pause();
        assertFalse(_rwa.canTransfer(creditor, alice, _token));
        ledger.unpause();
        assertTrue(_rwa.canTransfer(creditor, alice, _token));
    }

    function test_can_transfer_knows_consent() external {
        Programme memory rules = _programme();
        rules.consent = true;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        assertFalse(_rwa.canTransfer(creditor, alice, _raw(voucher)));
        vm.prank(alice);
        ledger.setConsent(creditor, true);
        assertTrue(_rwa.canTransfer(creditor, alice, _raw(voucher)));
        assertFalse(_rwa.canTransfer(creditor, bob, _raw(voucher)));
        ledger.setCustodian(bob, true);
        assertTrue(_rwa.canTransfer(creditor, bob, _raw(voucher)));
    }

    function test_can_transfer_knows_the_hop_limit() external {
        Programme memory rules = _programme();
        rules.maxHops = 0;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        assertFalse(_rwa.canTransfer(creditor, alice, _raw(voucher)));
        assertTrue(_rwa.canTransfer(creditor, creditor, _raw(voucher)));
        ledger.setCustodian(creditor, true);
        assertTrue(_rwa.canTransfer(creditor, alice, _raw(voucher)));
    }

    function test_can_transfer_asks_the_gate_and_survives_its_failure() external {
        (GateMock gate, uint256 token) = _gated();
        assertTrue(_rwa.canTransfer(creditor, alice, token));
        gate.setForecast(GateMock.Forecast.No);
        assertFalse(_rwa.canTransfer(creditor, alice, token));
        gate.setForecast(GateMock.Forecast.Reverting);
        assertFalse(_rwa.canTransfer(creditor, alice, token));
        gate.setForecast(GateMock.Forecast.GasBurning);
        assertFalse(_rwa.canTransfer{gas: 5_000_000}(creditor, alice, token));
    }

    function test_can_transfer_survives_a_gate_that_answers_nonsense() external {
        (GateMock gate, uint256 token) = _gated();
        _assertNonsenseIsNo(gate, token);
    }

    /// @dev The number of the programme, which lies about in memory, is no answer.
    function test_no_answer_of_the_first_programmes_gate_is_no_yes() external {
        ledger = _newLedger(address(roles));
        _rwa = IERC7943NonFungible(address(ledger));
        ledger.addCurrency("EUR", address(cash), address(0), 6);
        _verify(obligor);
        _verify(creditor);
        _verify(alice);
        (GateMock gate, uint256 token) = _gated();
        assertEq(ledger.programmeCount(), 1);
        _assertNonsenseIsNo(gate, token);
    }

    /// @dev "Public transfers MUST NOT succeed in cases where `canTransfer` would return false."
    function test_nothing_moves_where_can_transfer_says_no(uint256 seed) external {
        address[4] memory parties = [creditor, alice, bob, stranger];
        (address from, address to) = (creditor, parties[seed % 4]);
        if (seed & 16 != 0) _freezeParty(parties[(seed >> 5) % 4]);
        if (seed & 128 != 0) _unverify(parties[(seed >> 8) % 4]);
        if (seed & 1024 != 0) _rwa.setFrozenTokens(parties[(seed >> 11) % 4], _token, true);
        bool allowed = _rwa.canTransfer(from, to, _token);
        vm.prank(from);
        (bool moved,) = address(ledger)
            .call(
                abi.encodeWithSignature("transferFrom(address,address,uint256)", from, to, _token)
            );
        assertEq(moved, allowed);
    }

    /* SET FROZEN TOKENS */

    function test_freezing_emits_and_is_read_back() external {
        vm.expectEmit(address(ledger));
        emit IERC7943NonFungible.Frozen(creditor, _token, true);
        assertTrue(_rwa.setFrozenTokens(creditor, _token, true));
        assertTrue(_rwa.getFrozenTokens(creditor, _token));
        vm.expectEmit(address(ledger));
        emit IERC7943NonFungible.Frozen(creditor, _token, false);
        assertTrue(_rwa.setFrozenTokens(creditor, _token, false));
        assertFalse(_rwa.getFrozenTokens(creditor, _token));
    }

    function test_an_account_that_does_not_hold_the_token_can_be_frozen_for_it() external {
        _rwa.setFrozenTokens(alice, _token, true);
        assertTrue(_rwa.getFrozenTokens(alice, _token));
        assertFalse(_rwa.getFrozenTokens(creditor, _token));
        _give(_voucher, creditor, alice);
        _expectFrozenToken(alice);
        _give(_voucher, alice, bob);
    }

    function test_frozen_tokens_do_not_move_and_are_not_burned() external {
        _pay(_voucher.receivableOf(), FACE);
        _rwa.setFrozenTokens(creditor, _token, true);
        _expectFrozenToken(creditor);
        _give(_voucher, creditor, alice);
        _expectFrozenToken(creditor);
        vm.prank(creditor);
        ledger.redeem(_voucher);
    }

    /// @dev "If the token is not owned by the account, more specific errors SHOULD be used instead."
    function test_a_wrong_holder_is_told_so_rather_than_that_it_is_frozen() external {
        _rwa.setFrozenTokens(creditor, _token, true);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", alice, _token, creditor
            )
        );
        vm.prank(creditor);
        ledger.transferFrom(alice, bob, _token);
    }

    /* FORCED TRANSFER */

    function test_forced_transfer_unfreezes_first_then_moves_then_tells() external {
        _rwa.setFrozenTokens(creditor, _token, true);
        vm.recordLogs();
        assertTrue(_rwa.forcedTransfer(creditor, alice, _token));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs[0].topics[0], IERC7943NonFungible.Frozen.selector);
        assertEq(logs[0].topics[1], bytes32(uint256(uint160(creditor))));
        assertEq(logs[0].topics[3], bytes32(0));
        assertEq(logs[1].topics[0], IERC721.Transfer.selector);
        assertEq(logs[2].topics[0], IERC7943NonFungible.ForcedTransfer.selector);
        assertFalse(_rwa.getFrozenTokens(creditor, _token));
        assertEq(ledger.ownerOf(_token), alice);
    }

    function test_forced_transfer_of_what_is_not_frozen_unfreezes_nothing() external {
        vm.recordLogs();
        _rwa.forcedTransfer(creditor, alice, _token);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs[0].topics[0], IERC721.Transfer.selector);
        assertEq(logs[1].topics[0], IERC7943NonFungible.ForcedTransfer.selector);
        assertEq(logs[1].topics[1], bytes32(uint256(uint160(creditor))));
        assertEq(logs[1].topics[2], bytes32(uint256(uint160(alice))));
        assertEq(logs[1].topics[3], bytes32(_token));
    }

    function test_forced_transfer_checks_holder_and_recipient() external {
        _expectNotVerified(stranger);
        _rwa.forcedTransfer(creditor, stranger, _token);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", bob, _token, creditor
            )
        );
        _rwa.forcedTransfer(bob, alice, _token);
        _expectNonexistent(VoucherId.wrap(1));
        _rwa.forcedTransfer(creditor, alice, 1);
    }

    function test_forced_transfer_and_freezing_are_restricted() external {
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        _rwa.forcedTransfer(creditor, alice, _token);
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        _rwa.setFrozenTokens(creditor, _token, true);
    }

    /* MINTING */

    function test_nothing_is_minted_to_who_may_not_receive() external {
        _expectNotVerified(stranger);
        _splitOff(_voucher, creditor, stranger, 1e6);
    }

    /* ERRORS */

    /// @dev The general ones may be replaced by more specific ones, and are; their form is the standard's.
    function test_errors_have_the_standards_form() external pure {
        assertEq(
            IERC7943NonFungible.ERC7943CannotSend.selector,
            bytes4(keccak256("ERC7943CannotSend(address)"))
        );
        assertEq(
            IERC7943NonFungible.ERC7943CannotReceive.selector,
            bytes4(keccak256("ERC7943CannotReceive(address)"))
        );
        assertEq(
            IERC7943NonFungible.ERC7943CannotTransfer.selector,
            bytes4(keccak256("ERC7943CannotTransfer(address,address,uint256)"))
        );
        assertEq(
            IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector,
            bytes4(keccak256("ERC7943InsufficientUnfrozenBalance(address,uint256)"))
        );
    }

    /* INTERNAL */

    function _assertNonsenseIsNo(GateMock gate, uint256 token) private {
        bytes[3] memory answers = [bytes(""), hex"01", abi.encode(2)];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCall(
                address(gate), abi.encodeWithSelector(gate.canTransfer.selector), answers[i]
            );
            assertFalse(_rwa.canTransfer(creditor, alice, token));
        }
        vm.clearMockedCalls();
        vm.etch(address(gate), "");
        assertFalse(_rwa.canTransfer(creditor, alice, token));
    }

    function _gated() private returns (GateMock gate, uint256 token) {
        gate = new GateMock();
        Programme memory rules = _programme();
        rules.gate = address(gate);
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        token = _raw(voucher);
    }

    function _expectFrozenToken(address account) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector, account, _token
            )
        );
    }
}
