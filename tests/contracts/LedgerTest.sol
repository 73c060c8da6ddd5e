// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IParties} from "contracts/interfaces/IParties.sol";
import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Test} from "forge-std/Test.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Part, Programme, Status, Terms, Voucher} from "contracts/types/DataTypes.sol";
import {GateRules} from "contracts/types/GateTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";

/// @notice A deployed ledger with parties, a programme and cash. The product contracts are deployed from
/// their artifacts, so that tests run the bytecode that ships and compile without it.
abstract contract LedgerTest is Test {
    uint80 internal constant FACE = 1_000_000e6;
    uint40 internal constant FOREVER = type(uint40).max;
    bytes32 internal constant REASON = keccak256("reason");

    IReceivableLedger internal ledger;
    IAccessManager internal roles;
    TestCurrency internal cash;

    uint256 internal obligorKey;
    address internal obligor;
    address internal creditor = makeAddr("creditor");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal stranger = makeAddr("stranger");
    address internal agent = makeAddr("paying agent");

    uint8 internal eur;
    uint8 internal offChain;
    uint16 internal programme;
    uint256 private _salt;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        (obligor, obligorKey) = makeAddrAndKey("obligor");
        _deploy();
        cash = new TestCurrency("Test Euro", "tEUR", 6);
        eur = ledger.addCurrency("EUR", address(cash), address(0), 6);
        offChain = ledger.addCurrency("CNY", address(0), agent, 2);
        programme = ledger.createProgramme(_programme());
        address[4] memory parties = [obligor, creditor, alice, bob];
        for (uint256 i = 0; i < parties.length; ++i) {
            _verify(parties[i]);
        }
        _fund(obligor);
    }

    /// @dev This contract is the manager's admin, and gives itself every role.
    function _deploy() private {
        roles = IAccessManager(deployCode("RoleManager.sol:RoleManager", abi.encode(address(this))));
        ledger = _newLedger(address(roles));
    }

    function _newLedger(address authority) internal returns (IReceivableLedger) {
        address office = deployCode("LedgerOffice.sol:LedgerOffice");
        bytes memory arguments = abi.encode(authority, address(1), office);
        return IReceivableLedger(deployCode("ReceivableLedger.sol:ReceivableLedger", arguments));
    }

    /* PARTIES */

    function _verify(address party) internal {
        ledger.verifyParty(party, FOREVER, keccak256(abi.encode(party)));
    }

    function _unverify(address party) internal {
        ledger.verifyParty(party, uint40(block.timestamp - 1), keccak256(abi.encode(party)));
    }

    function _freezeParty(address party) internal {
        ledger.freezeParty(party, FOREVER, REASON);
    }

    function _pause() internal {
        ledger.pause(uint40(block.timestamp + 7 days), REASON);
    }

    /// @dev Cash for a payer, and its allowance to the ledger.
    function _fund(address payer) internal {
        _fund(payer, cash);
    }

    function _fund(address payer, TestCurrency token) internal {
        token.mint(payer, 100 * uint256(FACE) * 10 ** token.decimals() / 1e6);
        vm.prank(payer);
        token.approve(address(ledger), type(uint256).max);
    }

    /// @dev A new currency that this token pays, which the obligor has plenty of.
    function _addToken(TestCurrency token) internal returns (uint8 currency) {
        _fund(obligor, token);
        return ledger.addCurrency("USD", address(token), address(0), token.decimals());
    }

    /* TERMS */

    function _programme() internal pure returns (Programme memory) {
        return Programme({
            maxTenorDays: 360,
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
    }

    function _terms() internal returns (Terms memory) {
        return Terms({
            obligor: obligor,
            creditor: creditor,
            currency: eur,
            face: FACE,
            dueDay: uint16(block.timestamp / 1 days + 180),
            programme: programme,
            documentsRoot: keccak256("documents"),
            referenceHash: keccak256("reference"),
            salt: ++_salt
        });
    }

    /// @dev A gate of the ledger's programmes with these rules.
    function _newGate(GateRules memory rules) internal returns (IProgrammeRules) {
        bytes memory arguments = abi.encode(ledger, rules);
        return IProgrammeRules(deployCode("ProgrammeGate.sol:ProgrammeGate", arguments));
    }

    /// @dev Terms under a new programme with these rules.
    function _termsUnder(Programme memory rules) internal returns (Terms memory terms) {
        terms = _terms();
        terms.programme = ledger.createProgramme(rules);
    }

    function _termsOf(uint80 face) internal returns (Terms memory terms) {
        terms = _terms();
        terms.face = face;
    }

    function _termsIn(uint8 currency) internal returns (Terms memory terms) {
        terms = _terms();
        terms.currency = currency;
    }

    /* RECEIVABLES */

    /// @dev An accepted receivable and its only voucher, held by the creditor.
    function _accepted() internal returns (ReceivableId id, VoucherId voucher) {
        return _accepted(_terms());
    }

    function _accepted(Terms memory terms) internal returns (ReceivableId id, VoucherId voucher) {
        vm.prank(terms.obligor);
        id = ledger.issue(terms);
        voucher = id.firstVoucher();
    }

    function _issued() internal returns (ReceivableId id) {
        return _issued(_terms());
    }

    function _issued(Terms memory terms) internal returns (ReceivableId id) {
        vm.prank(terms.creditor);
        id = ledger.issue(terms);
    }

    function _pay(ReceivableId id, uint256 amount) internal {
        vm.prank(obligor);
        ledger.pay(id, amount);
    }

    /// @dev `guarantor` pays in for itself.
    function _advance(ReceivableId id, address guarantor, uint256 amount)
        internal
        returns (uint256 start)
    {
        vm.prank(guarantor);
        (start,) = ledger.advance(id, guarantor, amount);
    }

    /// @dev The first second at which an unpaid receivable is overdue.
    function _warpToOverdue(ReceivableId id) internal {
        uint256 due = ledger.receivableOf(id).dueDay;
        vm.warp((due + 1 + _programme().graceDays) * 1 days);
    }

    /* VOUCHERS */

    /// @dev `from` gives `to` a new voucher of `value`, split off `voucher`.
    function _splitOff(VoucherId voucher, address from, address to, uint256 value)
        internal
        returns (VoucherId)
    {
        vm.prank(from);
        return VoucherId.wrap(ledger.transferFrom(_raw(voucher), to, value));
    }

    function _give(VoucherId voucher, address from, address to) internal {
        vm.prank(from);
        ledger.transferFrom(from, to, _raw(voucher));
    }

    function _moveValue(VoucherId from, VoucherId to, address by, uint256 value) internal {
        vm.prank(by);
        ledger.transferFrom(_raw(from), _raw(to), value);
    }

    /// @dev Its holder redeems it.
    function _redeem(VoucherId voucher) internal returns (uint256 payout) {
        address holder = ledger.ownerOf(_raw(voucher));
        vm.prank(holder);
        return ledger.redeem(voucher);
    }

    function _valueOf(VoucherId voucher) internal view returns (uint256) {
        return ledger.balanceOf(_raw(voucher));
    }

    function _hopsOf(VoucherId voucher) internal view returns (uint8) {
        return ledger.voucherOf(voucher).hops;
    }

    /// @dev The plain number of a voucher, as the token standards want it.
    function _raw(VoucherId voucher) internal pure returns (uint256) {
        return VoucherId.unwrap(voucher);
    }

    function _list(VoucherId a) internal pure returns (VoucherId[] memory ids) {
        ids = new VoucherId[](1);
        ids[0] = a;
    }

    function _list(VoucherId a, VoucherId b) internal pure returns (VoucherId[] memory ids) {
        ids = new VoucherId[](2);
        (ids[0], ids[1]) = (a, b);
    }

    function _parts(address to, uint80 value) internal pure returns (Part[] memory parts) {
        parts = new Part[](1);
        parts[0] = Part(to, value);
    }

    function _parts(address to, uint80 value, address to2, uint80 value2)
        internal
        pure
        returns (Part[] memory parts)
    {
        parts = new Part[](2);
        (parts[0], parts[1]) = (Part(to, value), Part(to2, value2));
    }

    /* WHAT MUST HOLD */

    function _assertVoucher(VoucherId id, address holder, uint256 value) internal view {
        Voucher memory voucher = ledger.voucherOf(id);
        assertEq(voucher.holder, holder, "holder");
        assertEq(voucher.value, value, "value");
    }

    function _assertGone(VoucherId id) internal {
        _expectNonexistent(id);
        ledger.voucherOf(id);
    }

    function _assertStatus(ReceivableId id, Status status) internal view {
        assertEq(uint8(ledger.statusOf(id)), uint8(status), "status");
    }

    function _expectWrongStatus(ReceivableId id, Status status, Status needed) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IReceivables.WrongStatus.selector, id, status, needed)
        );
    }

    function _expectNotEntitled(address caller, address entitled) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IParties.CallerNotEntitled.selector, caller, entitled)
        );
    }

    function _expectNotVerified(address party) internal {
        vm.expectRevert(abi.encodeWithSelector(IParties.PartyNotVerified.selector, party));
    }

    function _expectFrozen(address party) internal {
        vm.expectRevert(abi.encodeWithSelector(IParties.PartyIsFrozen.selector, party, FOREVER));
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller)
        );
    }

    function _expectNonexistent(VoucherId id) internal {
        vm.expectRevert(abi.encodeWithSignature("ERC721NonexistentToken(uint256)", _raw(id)));
    }

    function _expectNotOperator(address operator, VoucherId id) internal {
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721InsufficientApproval(address,uint256)", operator, _raw(id)
            )
        );
    }

    function _expectPaused() internal {
        vm.expectPartialRevert(bytes4(keccak256("LedgerIsPaused(uint40)")));
    }
}
