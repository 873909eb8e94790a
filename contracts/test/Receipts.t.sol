// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {IReceipts} from "../src/interfaces/IReceipts.sol";
import {Status} from "../src/types/Game.sol";
import {ReceiptsFixture} from "./ReceiptsFixture.sol";
import {ToyTrace} from "./ToyTrace.sol";

contract ReceiptsTest is ReceiptsFixture {
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
        vm.expectRevert(IReceipts.NothingDue.selector);
        vm.prank(signer);
        receipts.exit();
        (, uint64 exitAt) = receipts.escrowOf(signer);
        equal(exitAt, START + EXIT_DELAY, "who left accepts no receipts before he deposits again");
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

    /// @dev The truth costs the challenger his bond, and the escrow's bond comes back.
    function test_challenge_truth_pays() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(0);
        Play memory play = challenge(r, signed(r), CHALLENGER, 0);
        narrowAs(play, signer, false);
        prove(play);
        vm.warp(DEADLINE);
        receipts.reclaim(r);
        (uint256 amount,) = receipts.escrowOf(signer);
        equal(amount, 4 * BOND, "the escrow is whole");
        equal(dispute.owed(signer), BOND * 4 / 5, "four fifths of the challenge are the proposer's");
        vm.warp(DEADLINE - 1);
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
}
