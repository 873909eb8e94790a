// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Receipts} from "../src/Receipts.sol";
import {IReceipts} from "../src/interfaces/IReceipts.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

/// @dev A receipts contract, a proposer who signs, and receipts of his.
abstract contract ReceiptsFixture is Fixture {
    uint256 internal constant KEY = 0xA11CE;
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint64 internal constant EXIT_DELAY = 10000;
    uint64 internal constant DEADLINE = START + 8000;

    Receipts internal receipts;
    address internal signer;

    function setUp() public virtual override {
        super.setUp();
        receipts = fresh();
        signer = vm.addr(KEY);
        vm.deal(signer, 1000 ether);
    }

    function fresh() internal returns (Receipts) {
        return Receipts(payable(deploy("Receipts", abi.encode(dispute, EXIT_DELAY))));
    }

    function deposit(uint256 amount) internal {
        vm.prank(signer);
        receipts.deposit{value: amount}();
    }

    function receiptOf(uint64 lie) internal view returns (IReceipts.Receipt memory) {
        bytes32 outputHash = keccak256(ToyTrace.output(lie == 0 ? 2 : 3));
        return IReceipts.Receipt(modelId(), keccak256(ToyTrace.input()), outputHash, 1, DEADLINE, signer);
    }

    function digest(IReceipts.Receipt memory r) internal view returns (bytes32) {
        bytes32 domainType =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain =
            keccak256(abi.encode(domainType, keccak256("opML"), keccak256("1"), block.chainid, address(receipts)));
        equal(domain, receipts.DOMAIN_SEPARATOR(), "domain");
        return keccak256(abi.encodePacked("\x19\x01", domain, receipts.hashOf(r)));
    }

    function signed(IReceipts.Receipt memory r) internal view returns (IReceipts.Evidence memory e) {
        (uint8 v, bytes32 x, bytes32 s) = vm.sign(KEY, digest(r));
        e.signature = abi.encodePacked(x, s, v);
    }

    /// @dev The receipt as leaf 2 of a batch of three.
    function anchored(IReceipts.Receipt memory r) internal returns (IReceipts.Evidence memory e, bytes32 pair) {
        pair = keccak256(abi.encodePacked(keccak256("first"), keccak256("second")));
        e.branch = new bytes32[](2);
        e.branch[1] = pair;
        e.index = 2;
        e.root = keccak256(abi.encodePacked(pair, keccak256(abi.encodePacked(receipts.hashOf(r), bytes32(0)))));
        vm.prank(signer);
        receipts.anchor(e.root, 3);
    }

    function challenge(IReceipts.Receipt memory r, IReceipts.Evidence memory e, address challenger, uint64 lie)
        internal
        returns (Play memory play)
    {
        play.claim = receipts.claimFor(r);
        play.claimId = keccak256(abi.encode(play.claim));
        play.lie = lie;
        bytes memory output = ToyTrace.output(lie == 0 ? 2 : 3);
        vm.prank(challenger);
        bytes32 gameId = receipts.challenge{value: BOND}(r, e, model, ToyTrace.input(), output, "doubt");
        return begun(play, challenger, "doubt", gameId);
    }

    function narrowAs(Play memory play, address proposer, bool honest) internal {
        vm.prank(proposer);
        dispute.setDelegate(PROPOSER, true);
        narrow(play, honest, 2);
    }

    function refuse(IReceipts.Receipt memory r, IReceipts.Evidence memory e, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(CHALLENGER);
        receipts.challenge{value: BOND}(r, e, model, ToyTrace.input(), ToyTrace.output(3), 0);
    }
}
