// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Test} from "forge-std/Test.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Part, Programme, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";

/// @notice A deployed ledger with parties, a programme and cash. The product contracts are deployed from
/// their artifacts, so that tests run the bytecode that ships and compile without it.
abstract contract LedgerTest is Test {
    uint80 internal constant FACE = 1_000_000e6;
    uint40 internal constant FOREVER = type(uint40).max;

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
            ledger.verifyParty(parties[i], FOREVER, keccak256(abi.encode(parties[i])));
        }
        cash.mint(obligor, 100 * uint256(FACE));
        vm.prank(obligor);
        cash.approve(address(ledger), type(uint256).max);
    }

    /// @dev This contract is the manager's admin, and gives itself every role.
    function _deploy() private {
        roles = IAccessManager(deployCode("RoleManager.sol:RoleManager", abi.encode(address(this))));
        address office = deployCode("LedgerOffice.sol:LedgerOffice");
        address renderer = address(1);
        ledger = IReceivableLedger(
            deployCode(
                "ReceivableLedger.sol:ReceivableLedger", abi.encode(address(roles), renderer, office)
            )
        );
    }

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
        Terms memory terms = _terms();
        vm.prank(terms.creditor);
        id = ledger.issue(terms);
    }

    function _pay(ReceivableId id, uint256 amount) internal {
        vm.prank(obligor);
        ledger.pay(id, amount);
    }

    /// @dev `from` gives `to` a new voucher of `value`, split off `voucher`.
    function _splitOff(VoucherId voucher, address from, address to, uint256 value) internal returns (VoucherId) {
        vm.prank(from);
        return VoucherId.wrap(ledger.transferFrom(VoucherId.unwrap(voucher), to, value));
    }
}
