// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Receipts} from "../src/Receipts.sol";
import {IDispute} from "../src/interfaces/IDispute.sol";
import {IReceipts} from "../src/interfaces/IReceipts.sol";
import {Claim} from "../src/types/Claim.sol";
import {Game, Status} from "../src/types/Game.sol";
import {Fixture} from "./Fixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

contract ReceiptsTest is Fixture {
    uint256 private constant KEY = 0xA11CE;
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint64 private constant EXIT_DELAY = 10000;
    uint64 private constant DEADLINE = START + 8000;

    Receipts private receipts;
    address private signer;

    function setUp() public override {
        super.setUp();
        receipts = Receipts(deploy("Receipts", abi.encode(dispute, EXIT_DELAY)));
        signer = vm.addr(KEY);
        vm.deal(signer, 1000 ether);
    }

    /* escrow */

    function test_deposit_nothing_reverts() public {
        vm.expectRevert(IReceipts.NothingDue.selector);
        receipts.deposit();
    }

    function test_requestExit_nothing_reverts() public {
        vm.expectRevert(IReceipts.NothingDue.selector);
        receipts.requestExit();
    }

    function test_exit_edges() public {
        vm.expectRevert(abi.encodeWithSelector(IReceipts.ExitNotReady.selector, 0));
        receipts.exit();
        deposit(5 ether);
        vm.prank(signer);
        receipts.requestExit();
        vm.warp(START + EXIT_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IReceipts.ExitNotReady.selector, START + EXIT_DELAY));
        vm.prank(signer);
        receipts.exit();
        vm.warp(START + EXIT_DELAY);
        vm.prank(signer);
        receipts.exit();
        equal(signer.balance, 1000 ether, "all of it");
        vm.expectRevert(abi.encodeWithSelector(IReceipts.ExitNotReady.selector, 0));
        vm.prank(signer);
        receipts.exit();
    }

    function test_deposit_cancelsExit() public {
        deposit(5 ether);
        vm.prank(signer);
        receipts.requestExit();
        deposit(1 ether);
        (uint256 amount, uint64 exitAt) = receipts.escrowOf(signer);
        equal(amount, 6 ether, "both");
        equal(exitAt, 0, "staying");
    }

    function test_exit_refusingReceiver_reverts() public {
        vm.deal(address(dispute), 1 ether);
        vm.prank(address(dispute));
        receipts.deposit{value: 1 ether}();
        vm.prank(address(dispute));
        receipts.requestExit();
        vm.warp(START + EXIT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IReceipts.PaymentRefused.selector, address(dispute)));
        vm.prank(address(dispute));
        receipts.exit();
    }

    /* anchors */

    function test_anchor_edges() public {
        vm.expectRevert(IReceipts.EmptyBatch.selector);
        receipts.anchor("root", 0);
        receipts.anchor("root", 2);
        vm.expectRevert(abi.encodeWithSelector(IReceipts.AlreadyAnchored.selector, bytes32("root")));
        receipts.anchor("root", 2);
        vm.prank(STRANGER);
        receipts.anchor("root", 2); // another's root is no obstacle
        equal(receipts.anchoredAt(STRANGER, "root"), START, "anchored");
    }

    /* challenge */

    function test_hashOf_eip712() public view {
        IReceipts.Receipt memory r = receiptOf(0);
        bytes32 typeHash = keccak256(
            "Receipt(bytes32 modelId,bytes32 inputHash,bytes32 outputHash,uint8 h,uint64 deadline,address proposer)"
        );
        bytes memory fields =
            abi.encode(typeHash, r.modelId, r.inputHash, r.outputHash, uint256(r.h), uint256(r.deadline), r.proposer);
        equal(receipts.hashOf(r), keccak256(fields), "struct hash");
    }

    function test_challenge_signedLie_isSlashed() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        Play memory play = challenge(r, signed(r), CHALLENGER, 4);
        (uint256 amount,) = receipts.escrowOf(signer);
        equal(amount, 0, "the escrow is the bond");
        equal(address(receipts).balance, 0, "at the dispute contract now");
        agree(play);
        narrowAs(play, signer, true);
        prove(play);
        settle(play);
        equal(dispute.owed(CHALLENGER), 3 * BOND, "paid");
    }

    function test_challenge_anchoredLie_isSlashed() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(3);
        (IReceipts.Evidence memory evidence,) = anchored(r);
        vm.warp(DEADLINE - 1);
        Play memory play = challenge(r, evidence, CHALLENGER, 3);
        narrowAs(play, signer, true);
        prove(play);
        check(statusOf(play) == Status.Defeated, "defeated");
    }

    /// @dev The truth costs the challenger his bond, and the escrow's bond comes back as credit.
    function test_challenge_truth_pays() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(0);
        Play memory play = challenge(r, signed(r), CHALLENGER, 0);
        narrowAs(play, signer, false);
        prove(play);
        vm.warp(block.timestamp + WINDOW);
        dispute.release(play.claimId);
        equal(dispute.owed(signer), 4 * BOND + BOND * 4 / 5, "bond and four fifths of the challenge");
        IReceipts.Evidence memory e = signed(r);
        vm.expectRevert(abi.encodeWithSelector(IDispute.ClaimNotOpen.selector, play.claimId, Status.Survived));
        vm.prank(STRANGER);
        receipts.challenge{value: BOND}(r, e, model, ToyTrace.input(), ToyTrace.output(2), "again");
    }

    /// @dev Two challengers at once: one bond, two games, none reverts.
    function test_challenge_twice_takesOneBond() public {
        deposit(10 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        challenge(r, signed(r), CHALLENGER, 4);
        Play memory second = challenge(r, signed(r), STRANGER, 4);
        (uint256 amount,) = receipts.escrowOf(signer);
        equal(amount, 6 * BOND, "one bond");
        (,,, uint32 openGames,) = dispute.claimOf(second.claimId);
        equal(openGames, 2, "two games");
    }

    function test_challenge_deadline_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        vm.warp(DEADLINE);
        refuse(r, signed(r), abi.encodeWithSelector(IReceipts.DeadlinePassed.selector, DEADLINE));
    }

    function test_challenge_escrowTooSmall_reverts() public {
        IReceipts.Receipt memory r = receiptOf(4);
        deposit(4 * BOND - 1);
        refuse(r, signed(r), abi.encodeWithSelector(IReceipts.EscrowTooSmall.selector, 4 * BOND, 4 * BOND - 1));
    }

    /// @dev Leaving takes longer than a covered receipt lives: the escrow can't run from a challenge.
    function test_challenge_duringExit_succeeds() public {
        deposit(4 * BOND);
        vm.prank(signer);
        receipts.requestExit();
        vm.warp(DEADLINE - 1);
        IReceipts.Receipt memory r = receiptOf(4);
        challenge(r, signed(r), CHALLENGER, 4);
        vm.warp(START + EXIT_DELAY);
        vm.expectRevert(IReceipts.NothingDue.selector);
        vm.prank(signer);
        receipts.exit();
    }

    function test_challenge_wrongSignature_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        bytes memory reason = abi.encodeWithSelector(IReceipts.WrongSignature.selector);
        IReceipts.Evidence memory e = signed(r);
        e.signature[5] ^= 0x01;
        refuse(r, e, reason);
        e = signed(r);
        e.signature = abi.encodePacked(e.signature, uint8(0));
        refuse(r, e, reason);
        e = signed(r);
        e.signature[64] = 0x02; // ecrecover gives the zero address
        refuse(r, e, reason);
        (uint8 v, bytes32 x, bytes32 s) = vm.sign(KEY, digest(r));
        e.signature = abi.encodePacked(x, bytes32(ORDER - uint256(s)), v == 27 ? 28 : 27);
        refuse(r, e, reason); // the same signature in its other form
        r.h = 2;
        refuse(r, signed(receiptOf(4)), reason);
    }

    /// @dev A receipt of nobody can't be made to take nobody's escrow.
    function test_challenge_zeroProposer_reverts() public {
        IReceipts.Receipt memory r = receiptOf(4);
        r.proposer = address(0);
        IReceipts.Evidence memory e = signed(r);
        e.signature[64] = 0x02;
        refuse(r, e, abi.encodeWithSelector(IReceipts.WrongSignature.selector));
    }

    function test_challenge_notAnchored_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        IReceipts.Evidence memory e;
        e.root = receipts.hashOf(r);
        vm.prank(STRANGER);
        receipts.anchor(e.root, 1); // somebody else's word binds nobody
        refuse(r, e, abi.encodeWithSelector(IReceipts.NotAnchored.selector, signer, e.root));
    }

    function test_challenge_wrongBranch_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        (IReceipts.Evidence memory e,) = anchored(r);
        bytes memory reason = abi.encodeWithSelector(IReceipts.WrongBranch.selector);
        e.index = 1;
        refuse(r, e, reason);
        e.index = 2 + 4; // right in its low bits, outside the tree
        refuse(r, e, reason);
        e.index = 2;
        e.branch[0] = "other";
        refuse(r, e, reason);
        e.branch = new bytes32[](0);
        refuse(r, e, reason);
    }

    function test_challenge_wrongPayment_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        IReceipts.Evidence memory e = signed(r);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WrongPayment.selector, BOND, BOND - 1));
        vm.prank(CHALLENGER);
        receipts.challenge{value: BOND - 1}(r, e, model, ToyTrace.input(), ToyTrace.output(3), 0);
    }

    /* helpers */

    function deposit(uint256 amount) private {
        vm.prank(signer);
        receipts.deposit{value: amount}();
    }

    function receiptOf(uint64 lie) private view returns (IReceipts.Receipt memory) {
        bytes32 outputHash = keccak256(ToyTrace.output(lie == 0 ? 2 : 3));
        return IReceipts.Receipt(modelId(), keccak256(ToyTrace.input()), outputHash, 1, DEADLINE, signer);
    }

    function digest(IReceipts.Receipt memory r) private view returns (bytes32) {
        bytes32 domainType =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain =
            keccak256(abi.encode(domainType, keccak256("opML"), keccak256("1"), block.chainid, address(receipts)));
        equal(domain, receipts.DOMAIN_SEPARATOR(), "domain");
        return keccak256(abi.encodePacked("\x19\x01", domain, receipts.hashOf(r)));
    }

    function signed(IReceipts.Receipt memory r) private view returns (IReceipts.Evidence memory e) {
        (uint8 v, bytes32 x, bytes32 s) = vm.sign(KEY, digest(r));
        e.signature = abi.encodePacked(x, s, v);
    }

    /// @dev The receipt as leaf 2 of a batch of three.
    function anchored(IReceipts.Receipt memory r) private returns (IReceipts.Evidence memory e, bytes32 pair) {
        pair = keccak256(abi.encodePacked(keccak256("first"), keccak256("second")));
        e.branch = new bytes32[](2);
        e.branch[1] = pair;
        e.index = 2;
        e.root = keccak256(abi.encodePacked(pair, keccak256(abi.encodePacked(receipts.hashOf(r), bytes32(0)))));
        vm.prank(signer);
        receipts.anchor(e.root, 3);
    }

    function challenge(IReceipts.Receipt memory r, IReceipts.Evidence memory e, address challenger, uint64 lie)
        private
        returns (Play memory play)
    {
        play.claim = receipts.claimFor(r);
        play.claimId = keccak256(abi.encode(play.claim));
        play.lie = lie;
        play.game = Game(play.claimId, challenger, "doubt");
        bytes memory output = ToyTrace.output(lie == 0 ? 2 : 3);
        vm.prank(challenger);
        play.gameId = receipts.challenge{value: BOND}(r, e, model, ToyTrace.input(), output, "doubt");
        play.p.gameId = play.gameId;
        play.p.width = 30;
        play.p.lo = ToyTrace.state(0);
        play.p.hi = ToyTrace.claimed(1 << 30, lie);
        play.p.movedAt = uint64(block.timestamp);
        (play.p.proposerLeft, play.p.challengerLeft) = (PROPOSER_TIME, CHALLENGER_TIME);
    }

    function narrowAs(Play memory play, address proposer, bool honest) private {
        vm.prank(proposer);
        dispute.setDelegate(PROPOSER, true);
        narrow(play, honest, 2);
    }

    function refuse(IReceipts.Receipt memory r, IReceipts.Evidence memory e, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(CHALLENGER);
        receipts.challenge{value: BOND}(r, e, model, ToyTrace.input(), ToyTrace.output(3), 0);
    }
}
