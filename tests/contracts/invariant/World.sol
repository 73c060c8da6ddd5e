// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {FalseReturningToken} from "contracts/mocks/FalseReturningToken.sol";
import {FeeOnTransferToken} from "contracts/mocks/FeeOnTransferToken.sol";
import {GateMock} from "contracts/mocks/GateMock.sol";
import {HookedToken} from "contracts/mocks/HookedToken.sol";
import {ITokenHooks} from "contracts/mocks/HookedToken.sol";
import {NoReturnToken} from "contracts/mocks/NoReturnToken.sol";
import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Programme, Status} from "contracts/types/DataTypes.sol";
import {Shadow} from "./Shadow.sol";

/// @notice A ledger, its people, its money and its programmes, and the one way to act in it: every call
/// is foretold from the shadow, and has to succeed or fail as foretold.
abstract contract World is Shadow {
    /// @dev The number under which violations of the guard are counted; DESIGN ends at 12.
    uint256 public constant INTRUSION = 13;

    IReceivableLedger public ledger;

    address[] internal people;
    address internal agent = makeAddr("paying agent");
    address internal stranger = makeAddr("stranger");
    mapping(address obligor => uint256 key) internal keys;
    ReentrantReceiver internal receiver;
    GateMock internal gate;

    BlocklistToken internal blocklist;
    FalseReturningToken internal falsehood;
    mapping(uint8 currency => address token) internal tokenOf;
    mapping(uint8 currency => uint256 amount) internal donated;
    uint8 internal currencies;
    uint8 internal feeCurrency;
    uint8 internal offChain;
    uint16 internal programmes;

    // The contracts that hold, or move, what is others'; nobody acts in their name.
    mapping(address desk => bool) internal isDesk;

    // The call that whoever is called during the next call of a contract will try to make of it.
    mapping(address target => bytes) internal plots;

    // What happened, to see that the campaign reaches every corner.
    mapping(bytes4 selector => uint256) public successes;
    uint256 public intrusions;

    constructor() {
        vm.warp(1_800_000_000);
        vm.recordLogs();
        supervisor = address(this);
        _deploy();
        _populate();
        _addCurrencies();
        _addProgrammes();
        _absorb();
    }

    /* SETTING UP */

    function _deploy() private {
        address roles = deployCode("RoleManager.sol:RoleManager", abi.encode(address(this)));
        address office = deployCode("LedgerOffice.sol:LedgerOffice");
        bytes memory arguments = abi.encode(roles, address(1), office);
        book = deployCode("ReceivableLedger.sol:ReceivableLedger", arguments);
        ledger = IReceivableLedger(book);
        vm.getRecordedLogs();
    }

    function _populate() private {
        string[7] memory names =
            ["obligor A", "obligor B", "supplier A", "supplier B", "alice", "bob", "bank"];
        for (uint256 i = 0; i < names.length; ++i) {
            (address account, uint256 key) = makeAddrAndKey(names[i]);
            keys[account] = key;
            people.push(account);
        }
        receiver = new ReentrantReceiver();
        ReentrantReceiver custodian = new ReentrantReceiver();
        people.push(address(receiver));
        people.push(address(custodian));
        for (uint256 i = 0; i < people.length; ++i) {
            ledger.verifyParty(people[i], type(uint40).max, keccak256(abi.encode(people[i])));
        }
        ledger.setCustodian(address(custodian), true);
    }

    function _addCurrencies() private {
        blocklist = new BlocklistToken();
        falsehood = new FalseReturningToken();
        HookedToken hooked = new HookedToken();
        vm.prank(address(receiver));
        hooked.setHook(ITokenHooks(address(receiver)));
        _addCurrency(address(new TestCurrency("Six", "SIX", 6)), 6);
        _addCurrency(address(new TestCurrency("Two", "TWO", 2)), 2);
        _addCurrency(address(new TestCurrency("Eighteen", "EIGHTEEN", 18)), 18);
        _addCurrency(address(new TestCurrency("Eight", "EIGHT", 8)), 8);
        _addCurrency(address(hooked), 6);
        _addCurrency(address(blocklist), 6);
        _addCurrency(address(falsehood), 6);
        _addCurrency(address(new NoReturnToken()), 6);
        feeCurrency = _addCurrency(address(new FeeOnTransferToken()), 6);
        offChain = ledger.addCurrency("CNY", address(0), agent, 2);
        currencies = offChain;
    }

    function _addCurrency(address token, uint8 decimals) private returns (uint8 currency) {
        currency = ledger.addCurrency("EUR", token, address(0), decimals);
        tokenOf[currency] = token;
        for (uint256 i = 0; i < people.length; ++i) {
            vm.prank(people[i]);
            // NoReturnToken answers nothing: a plain call suits all.
            (bool success,) = token.call(abi.encodeCall(IERC20.approve, (book, type(uint256).max)));
            assertTrue(success);
        }
    }

    function _addProgrammes() private {
        gate = new GateMock();
        Programme memory p = Programme({
            maxTenorDays: 90,
            acceptanceDays: 10,
            graceDays: 3,
            maxHops: 5,
            maxSplits: 1000,
            smallestVoucher: 1,
            obligorLimit: 0,
            currency: 0,
            attestations: 0,
            consent: false,
            stopOnDefault: false,
            gate: address(0)
        });
        ledger.createProgramme(p);
        (p.maxHops, p.maxSplits, p.smallestVoucher, p.stopOnDefault) = (2, 20, 1e6, true);
        ledger.createProgramme(p);
        (p.obligorLimit, p.currency, p.consent, p.stopOnDefault) = (1e12, 2, true, false);
        ledger.createProgramme(p);
        (p.obligorLimit, p.currency, p.consent, p.gate) = (0, 0, false, address(gate));
        p.maxHops = 250;
        programmes = ledger.createProgramme(p);
    }

    /* ACTING */

    /// @dev Calls the ledger as `by`; the call succeeds exactly if it is legal.
    function _act(address by, bytes memory data, bool legal)
        internal
        returns (bytes memory answer)
    {
        actor = by;
        return _call(book, by, data, legal);
    }

    /// @dev Calls the ledger, or what is built on it.
    function _call(address target, address by, bytes memory data, bool legal)
        internal
        returns (bytes memory answer)
    {
        bool plotted = plots[target].length != 0;
        if (plotted) _arm(target, plots[target]);
        bool success;
        vm.prank(by);
        (success, answer) = target.call(data);
        if (success != legal) {
            emit log_named_bytes("answer", answer);
            assertEq(success, legal, "not as foretold");
        }
        if (plotted) _disarm(target);
        // The selector, which is what the cut is for.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (success) ++successes[bytes4(data)];
        if (success) _absorb();
        else vm.getRecordedLogs();
    }

    function _arm(address target, bytes memory plot) private {
        receiver.arm(target, plot);
        gate.arm(target, plot);
    }

    /// @dev Whoever tried to act during a call met the closed guard.
    function _disarm(address target) private {
        if (receiver.attempted()) _judgeIntrusion(receiver.outcome());
        if (gate.attempted()) _judgeIntrusion(gate.outcome());
        if (receiver.attempted() || gate.attempted()) delete plots[target];
        _arm(address(0), "");
    }

    function _judgeIntrusion(bytes memory outcome) private {
        ++intrusions;
        bytes4 closed = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        // The selector again.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (bytes4(outcome) != closed) ++violations[INTRUSION];
    }

    /// @dev Gives a payer what it is about to pay.
    function _fund(address payer, uint8 currency, uint256 units) internal {
        address token = tokenOf[currency];
        if (token == address(0) || (token == address(blocklist) && blocklist.isBlocked(payer))) {
            return;
        }
        TestCurrency(token).mint(payer, _inToken(currency, units));
    }

    function _inToken(uint8 currency, uint256 units) internal view returns (uint256) {
        uint8 decimals = decimalsOf[currency];
        return decimals < 6 ? units / 10 ** (6 - decimals) : units * 10 ** (decimals - 6);
    }

    /// @dev Whether cash can go to an account, or come from it.
    function _canMove(uint8 currency, address account) internal view returns (bool) {
        address token = tokenOf[currency];
        if (token == address(blocklist)) return !blocklist.isBlocked(account);
        return token != address(falsehood) || !falsehood.failing();
    }

    /// @dev Whether a payment on chain arrives whole; of less than 100 units no fee is taken.
    function _arrives(uint8 currency, address payer, uint256 units) internal view returns (bool) {
        if (tokenOf[currency] == address(0) || !_canMove(currency, payer)) return false;
        return currency != feeCurrency || units < 100;
    }

    /* PICKING */

    function _person(uint256 seed) internal view returns (address) {
        return people[seed % people.length];
    }

    /// @dev Mostly who is named, now and then somebody else.
    function _mostly(address named, uint256 seed) internal view returns (address) {
        return seed % 16 == 0 ? _person(seed / 16) : named;
    }

    function _receivable(uint256 seed) internal view returns (uint256) {
        if (issuedIds.length == 0) return 0;
        // The latest ones are the liveliest.
        uint256 range = issuedIds.length < 12 ? issuedIds.length : 12;
        return issuedIds[issuedIds.length - 1 - (seed % range)];
    }

    function _voucher(uint256 seed) internal view returns (uint256) {
        return liveVouchers.length == 0 ? 0 : liveVouchers[seed % liveVouchers.length];
    }

    /// @dev One whose holder acts for itself.
    function _owned(uint256 seed) internal view returns (uint256 id) {
        id = _voucher(seed);
        if (isDesk[vouchers[id].holder]) return 0;
    }

    function _mix(uint256 seed, uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }

    /// @dev Another live voucher of the same receivable if a few tries find one.
    function _sibling(uint256 id, uint256 seed) internal view returns (uint256) {
        for (uint256 i = 0; i < 24; ++i) {
            uint256 other = _voucher(_mix(seed, i));
            if (other != id && other >> 64 == id >> 64) return other;
        }
        return 0;
    }

    /// @dev A part of an amount, in whole granules; all of it in one case of four.
    function _part(uint256 whole, uint256 granule, uint256 seed) internal pure returns (uint256) {
        if (seed % 4 == 0 || whole <= granule) return whole;
        uint256 part = (seed / 4) % (whole + 1);
        return seed % 4 == 1 ? granule * (1 + ((seed / 4) % 3)) : part - (part % granule);
    }

    /* FORETELLING */

    /// @dev A voucher whose value can leave it, whoever moves it.
    function _isMovable(uint256 id) internal view returns (bool) {
        address holder = vouchers[id].holder;
        return holder != address(0) && !_isPaused()
            && receivables[id >> 64].stored == Status.Accepted && !_isFrozen(holder)
            && frozen[id][holder] < block.timestamp;
    }

    /// @dev Whether `to` may receive from `from` when `by` moves it.
    function _admits(uint256 receivable, address from, address to, address by)
        internal
        view
        returns (bool)
    {
        if (to == address(0) || !_isActive(to)) return false;
        return !rules[receivables[receivable].programme].consent || by == to || _isCustody(from, to)
            || parties[by].custodian || consents[to][from];
    }

    function _hopsFit(uint256 id, address to) internal view returns (bool) {
        return _isCustody(vouchers[id].holder, to)
            || vouchers[id].hops < rules[receivables[id >> 64].programme].maxHops;
    }

    function _rulesFor(uint256 voucher) internal view returns (Programme memory) {
        return rules[receivables[voucher >> 64].programme];
    }

    function _granuleOf(uint256 voucher) internal view returns (uint256) {
        return _granule(receivables[voucher >> 64].currency);
    }

    /// @dev What a voucher can take out now.
    function _claimable(uint256 id) internal view returns (uint256) {
        ReceivableShadow storage r = receivables[id >> 64];
        VoucherShadow storage v = vouchers[id];
        uint256 coverage = _coverage(r);
        if (coverage == r.face) return v.value - v.claimed;
        uint256 covered = _covered(r, v.value);
        if (covered <= v.claimed) return 0;
        uint256 most = coverage - r.claimed;
        return covered - v.claimed < most ? covered - v.claimed : most;
    }

    /// @dev Whether a redemption by `by` finds its payee.
    function _findsPayee(address holder, address by, uint8 currency, uint256 payout)
        internal
        view
        returns (bool)
    {
        address payee = parties[holder].payee;
        if (payee == address(0)) payee = holder;
        else if (by != holder || _isFrozen(payee)) return false;
        return payout == 0 || _canMove(currency, payee);
    }
}
