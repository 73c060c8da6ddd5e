// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IExchange} from "contracts/interfaces/IExchange.sol";
import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Status} from "contracts/types/DataTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {Handler} from "./Handler.sol";

/// @notice The world with an exchange, a guarantee book and a pledge book in it, and the one way to act in
/// them: every call is foretold, down to the error with which they refuse.
abstract contract Desks is Handler {
    /// @dev What is foretold when the ledger or a token will refuse, whatever it says.
    bytes4 internal constant REFUSED = 0xffffffff;
    /// @dev The highest fee of the exchange, in millionths.
    uint32 internal constant FEE_CAP = 100_000;

    IExchange internal exchange;
    IGuaranteeBook internal guarantees;
    IPledgeBook internal pledges;
    address[3] private _desks;

    // Who lets a desk take its cash.
    mapping(address desk => mapping(uint8 currency => mapping(address payer => bool))) internal
        allowed;

    // For which voucher a desk acts now, and whose order it has to move it.
    uint256 internal voucherInPlay;
    address internal mandator;

    // How often each error was foretold, and came.
    mapping(bytes4 refusal => uint256) public refusals;

    constructor() {
        address roles = IAccessManaged(book).authority();
        exchange =
            IExchange(deployCode("Exchange.sol:Exchange", abi.encode(roles, ledger, FEE_CAP)));
        guarantees =
            IGuaranteeBook(deployCode("GuaranteeBook.sol:GuaranteeBook", abi.encode(ledger)));
        pledges = IPledgeBook(deployCode("PledgeBook.sol:PledgeBook", abi.encode(ledger)));
        // That they are there is no event of business.
        vm.getRecordedLogs();
        _desks = [address(exchange), address(guarantees), address(pledges)];
        for (uint256 i = 0; i < 3; ++i) {
            _open(_desks[i]);
        }
        actor = supervisor;
        _absorb();
    }

    function _open(address desk) private {
        isDesk[desk] = true;
        ledger.verifyParty(desk, type(uint40).max, "desk");
        ledger.setCustodian(desk, true);
        for (uint256 i = 0; i < people.length; ++i) {
            vm.prank(people[i]);
            ledger.setApprovalForAll(desk, true);
            for (uint8 currency = 1; currency <= currencies; ++currency) {
                _allow(desk, currency, people[i], true);
            }
        }
    }

    function _allow(address desk, uint8 currency, address payer, bool all) internal {
        address token = tokenOf[currency];
        if (token == address(0) || allowed[desk][currency][payer] == all) return;
        bytes memory data = abi.encodeCall(IERC20.approve, (desk, all ? type(uint256).max : 0));
        vm.prank(payer);
        // NoReturnToken answers nothing: a plain call suits all.
        (bool success,) = token.call(data);
        assertTrue(success);
        allowed[desk][currency][payer] = all;
    }

    /* WHAT PEOPLE LET THEM DO */

    /// @dev Mostly they let them.
    function trust(uint256 seed) external {
        seed = _mix(seed, 1);
        bytes memory data =
            abi.encodeCall(ledger.setApprovalForAll, (_desk(seed >> 8), seed % 4 != 0));
        _act(_person(seed >> 16), data, true);
    }

    function allowCash(uint256 seed) external {
        seed = _mix(seed, 1);
        for (uint8 currency = 1; currency <= currencies; ++currency) {
            _allow(_desk(seed >> 8), currency, _person(seed >> 16), seed % 4 != 0);
        }
    }

    /// @dev Whoever is called during the next call of a desk tries to act there.
    function plotAtDesk(uint256 seed) external {
        seed = _mix(seed, 1);
        uint256 id = _voucher(seed >> 8);
        if (id == 0) return;
        plots[address(exchange)] = seed % 2 == 0
            ? abi.encodeCall(exchange.cancelNonce, (seed))
            : abi.encodeCall(exchange.waiveRecourse, (VoucherId.wrap(id)));
        plots[address(guarantees)] = abi.encodeCall(guarantees.clear, ("aval", _rid(id >> 64)));
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(pledges.takeKept, (1, address(receiver)));
        plots[address(pledges)] = abi.encodeWithSignature("multicall(bytes[])", calls);
    }

    /* ACTING */

    /// @dev Calls a desk as `by`: it succeeds if no error is foretold, or fails with it. Of what is others'
    /// it may move nothing but this voucher, in the name of `from`.
    function _at(
        address desk,
        address by,
        uint256 voucher,
        address from,
        bytes memory data,
        bytes4 foretold
    ) internal returns (bytes memory answer) {
        (actor, voucherInPlay, mandator) = (desk, voucher, from);
        answer = _call(desk, by, data, foretold == 0);
        (voucherInPlay, mandator) = (0, address(0));
        if (foretold == 0) return answer;
        ++refusals[foretold];
        if (foretold == REFUSED) return answer;
        // The selector, which is what the cut is for.
        // forge-lint: disable-next-line(unsafe-typecast)
        assertEq(bytes4(answer), foretold, "refused for the reason foretold");
    }

    /// @dev 4: a desk moves what it was told to move, in the name of whose it is, or what it holds.
    function _isEntitled(uint256 id) internal view override returns (bool) {
        if (!isDesk[actor]) return super._isEntitled(id);
        address holder = vouchers[id].holder;
        bool inPlay = id == voucherInPlay || (id >> 64 == voucherInPlay >> 64 && holder == actor);
        return inPlay && super._isEntitled(id) && (holder == mandator || holder == actor);
    }

    /* FORETELLING */

    /// @dev Whether cash goes over, and arrives whole.
    function _passes(address desk, uint8 currency, address from, address to, uint256 units)
        internal
        view
        returns (bool)
    {
        return _isGiven(desk, currency, from, to) && from != to && _isWhole(currency, units);
    }

    /// @dev Whether the token does as it is told, whatever arrives.
    function _isGiven(address desk, uint8 currency, address from, address to)
        internal
        view
        returns (bool)
    {
        return allowed[desk][currency][from] && _canMove(currency, from) && _canMove(currency, to);
    }

    function _isWhole(uint8 currency, uint256 units) internal view returns (bool) {
        return currency != feeCurrency || units < 100;
    }

    /// @dev Whether a desk can move a whole voucher.
    function _canHandOver(uint256 id, address to, address desk) internal view returns (bool) {
        return
            _isOperator(id, desk) && _isMovable(id) && _canPass(id, vouchers[id].holder, to, desk);
    }

    /// @dev Whether a desk can split value off.
    function _canSplitOff(uint256 id, address to, address desk, uint256 value)
        internal
        view
        returns (bool)
    {
        return _isOperator(id, desk) && _isMovable(id) && _canBranch(id, to, desk, value)
            && _canShrink(id, value) && _canCount(id, 1);
    }

    /// @dev What is still to be redeemed on a voucher.
    function _worth(uint256 id) internal view returns (uint256) {
        return vouchers[id].value - vouchers[id].claimed;
    }

    function _lacking(uint256 receivable) internal view returns (uint256) {
        ReceivableShadow storage r = receivables[receivable];
        return r.face - _coverage(r);
    }

    function _dayNow() internal view returns (uint256) {
        return block.timestamp / 1 days;
    }

    function _sign(address signer, bytes32 digest) internal view returns (bytes memory) {
        if (keys[signer] == 0) return "";
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[signer], digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev What an account has of a currency, in units.
    function _has(address account, uint8 currency) internal view returns (uint256) {
        address token = tokenOf[currency];
        return token == address(0) ? 0 : TestCurrency(token).balanceOf(account);
    }

    /// @dev One that is not due yet, can be paid on the chain and is not the obligor's own, if a few tries
    /// find one.
    function _lively(uint256 seed) internal view returns (uint256 id) {
        for (uint256 i = 0; i < 8; ++i) {
            id = _owned(_mix(seed, i));
            ReceivableShadow storage r = receivables[id >> 64];
            bool isTraded = tokenOf[r.currency] != address(0) && vouchers[id].holder != r.obligor;
            if (id != 0 && isTraded && _statusOf(r) == Status.Accepted) return id;
        }
    }

    function _desk(uint256 seed) private view returns (address) {
        return _desks[seed % 3];
    }

    function _checkHolds(address desk, uint8 currency, uint256 units) internal view {
        if (tokenOf[currency] == address(0)) return;
        assertEq(_has(desk, currency), _inToken(currency, units), "a desk's cash");
    }
}
