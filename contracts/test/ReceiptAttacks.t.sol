// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDispute} from "../src/interfaces/IDispute.sol";
import {IReceipts} from "../src/interfaces/IReceipts.sol";
import {Game, Status} from "../src/types/Game.sol";
import {ReceiptsFixture} from "./ReceiptsFixture.sol";
import {ToyTrace} from "./ToyTrace.sol";
import {TransactionGas} from "./TransactionGas.sol";

/// @dev Ways around the escrow, each tried by who would gain from it.
contract ReceiptAttacksTest is ReceiptsFixture, TransactionGas {
    /// @dev A proposer doubts his own true receipt and loses on purpose: his bond must not leave the escrow by it.
    function test_attack_lostChallengeOfOwnTruth_freesNoEscrow() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(0);
        Play memory play = lost(r);
        vm.warp(DEADLINE);
        dispute.release(play.claimId); // past the receipts contract
        equal(dispute.owed(signer), BOND * 4 / 5, "only what the challenger lost");
        equal(dispute.owed(address(receipts)), 4 * BOND, "the bond is the escrow's");
        vm.expectRevert(abi.encodeWithSelector(IReceipts.ExitNotReady.selector, 0));
        vm.prank(signer);
        receipts.exit();
        receipts.reclaim(r);
        equal(escrow(), 4 * BOND, "whole again");
        equal(address(receipts).balance, 4 * BOND, "and here");
    }

    /// @dev The same with an exit under way: the bond that returns obeys it too.
    function test_attack_bondReturnsDuringExit_waitsForExit() public {
        deposit(4 * BOND);
        vm.prank(signer);
        receipts.requestExit();
        IReceipts.Receipt memory r = receiptOf(0);
        lost(r);
        vm.warp(DEADLINE);
        receipts.reclaim(r);
        vm.expectRevert(abi.encodeWithSelector(IReceipts.ExitNotReady.selector, START + EXIT_DELAY));
        vm.prank(signer);
        receipts.exit();
        vm.warp(START + EXIT_DELAY);
        vm.prank(signer);
        receipts.exit();
        equal(signer.balance, 1000 ether, "all of it, then");
    }

    /// @dev Who left while a bond was bound takes it when it returns, and not before.
    function test_attack_exitWhileBondIsBound_leavesItBehind() public {
        deposit(8 * BOND);
        vm.prank(signer);
        receipts.requestExit();
        vm.warp(DEADLINE - 1);
        IReceipts.Receipt memory r = receiptOf(0);
        lost(r);
        vm.warp(START + EXIT_DELAY);
        vm.prank(signer);
        receipts.exit();
        equal(signer.balance, 1000 ether - 4 * BOND, "half is bound");
        vm.expectRevert(abi.encodeWithSelector(IDispute.WindowOpen.selector, DEADLINE - 1 + WINDOW));
        receipts.reclaim(r);
        vm.warp(DEADLINE - 1 + WINDOW);
        receipts.reclaim(r);
        vm.prank(signer);
        receipts.exit();
        equal(signer.balance, 1000 ether, "all of it");
    }

    function test_attack_reclaimTwice_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(0);
        lost(r);
        vm.warp(DEADLINE);
        receipts.reclaim(r);
        vm.expectRevert(IReceipts.NothingDue.selector);
        receipts.reclaim(r);
    }

    /// @dev Bonds of two proposers come in one payment: each takes his own, in any order.
    function test_attack_reclaimOfOnePayment_paysEachHisOwn() public {
        deposit(8 * BOND);
        IReceipts.Receipt memory first = receiptOf(0);
        IReceipts.Receipt memory second = receiptOf(0);
        second.deadline = DEADLINE - 1;
        lost(first);
        lost(second);
        vm.warp(DEADLINE);
        dispute.release(keccak256(abi.encode(receipts.claimFor(second))));
        receipts.reclaim(first);
        receipts.reclaim(second);
        equal(escrow(), 8 * BOND, "both");
        equal(address(receipts).balance, 8 * BOND, "both are here");
    }

    function test_attack_reclaimOfLie_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        Play memory play = challenge(r, signed(r), CHALLENGER, 4);
        narrowAs(play, signer, true);
        prove(play);
        vm.warp(DEADLINE + WINDOW);
        vm.expectRevert(IReceipts.NothingDue.selector);
        receipts.reclaim(r);
    }

    function test_attack_reclaimOfUnchallenged_reverts() public {
        deposit(4 * BOND);
        vm.expectRevert(IReceipts.NothingDue.selector);
        receipts.reclaim(receiptOf(0));
    }

    /// @dev A claim that somebody else made with the receipt's content is no claim of the receipts contract.
    function test_attack_reclaimOfForeignClaim_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(0);
        Play memory play;
        play.claim = receipts.claimFor(r);
        play.claim.source = STRANGER;
        create(play.claim);
        vm.warp(START + WINDOW);
        vm.expectRevert(IReceipts.NothingDue.selector);
        receipts.reclaim(r);
    }

    function test_attack_etherFromElsewhere_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IReceipts.NotDispute.selector, STRANGER));
        vm.prank(STRANGER);
        payable(address(receipts)).transfer(1);
    }

    /// @dev A friend of the liar challenges first, to start the only window early, and lets it pass: the receipt can be
    /// challenged until its deadline all the same.
    function test_attack_firstChallengeStartsWindowEarly_changesNothing() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        Play memory friend = challenge(r, signed(r), STRANGER, 4);
        reveal4(friend);
        vm.warp(START + CHALLENGER_TIME);
        dispute.timeout(friend.game, pack(friend.p)); // the friend lets his clock run out
        vm.warp(DEADLINE - 1);
        vm.expectRevert(abi.encodeWithSelector(IDispute.WindowOpen.selector, DEADLINE));
        dispute.release(friend.claimId);
        Play memory play = challenge(r, signed(r), CHALLENGER, 4);
        narrow(play, true, 0);
        prove(play);
        check(statusOf(play) == Status.Defeated, "caught");
    }

    /// @dev A challenge in the last second leaves others a whole window to join.
    function test_attack_lastSecondChallenge_leavesWholeWindow() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        vm.warp(DEADLINE - 1);
        Play memory play = challenge(r, signed(r), STRANGER, 4);
        (,, uint64 endsAt,,) = dispute.claimOf(play.claimId);
        equal(endsAt, DEADLINE - 1 + WINDOW, "a window from then");
    }

    /// @dev A deadline beyond every clock stays one: it wraps around to no early end.
    function test_attack_endlessDeadline_doesNotWrap() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        r.deadline = type(uint64).max;
        Play memory play = challenge(r, signed(r), CHALLENGER, 4);
        (,, uint64 endsAt,,) = dispute.claimOf(play.claimId);
        equal(endsAt, type(uint40).max, "the largest time");
    }

    /// @dev A signature for one chain or contract is none for another.
    function test_attack_signatureForOtherChainOrContract_reverts() public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        IReceipts.Evidence memory e = signed(r);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        refuse(r, e, abi.encodeWithSelector(IReceipts.WrongSignature.selector));
        vm.chainId(here);
        receipts = fresh();
        deposit(4 * BOND);
        refuse(r, e, abi.encodeWithSelector(IReceipts.WrongSignature.selector));
    }

    /// @dev A wallet contract can't sign, because it could deny later; what it anchors binds it for good.
    function test_attack_walletDenies_isBoundByAnchor() public {
        Wallet wallet = new Wallet();
        vm.deal(address(wallet), 4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        r.proposer = address(wallet);
        refuse(r, signed(r), abi.encodeWithSelector(IReceipts.WrongSignature.selector));
        bytes32 root = receipts.hashOf(r);
        wallet.act(address(receipts), 4 * BOND, abi.encodeCall(IReceipts.deposit, ()));
        wallet.act(address(receipts), 0, abi.encodeCall(IReceipts.anchor, (root, 1)));
        wallet.deny();
        IReceipts.Evidence memory e;
        e.root = root;
        Play memory play = challenge(r, e, CHALLENGER, 4);
        check(statusOf(play) == Status.Open, "bound");
    }

    /// @dev An inner node of an anchored tree is no receipt: their hashed bytes differ in length.
    function testFuzz_attack_otherLeaf_reverts(bytes32 leaf, uint256 index) public {
        deposit(4 * BOND);
        IReceipts.Receipt memory r = receiptOf(4);
        (IReceipts.Evidence memory e,) = anchored(r);
        r.inputHash = leaf;
        e.index = index;
        refuse(r, e, abi.encodeWithSelector(IReceipts.WrongBranch.selector));
    }

    /// @dev The longest receipt of the deepest batch can be challenged in one transaction, like the longest claim.
    function test_attack_longestReceipt_fitsOneTransaction() public {
        deposit(4 * BOND);
        model.sizes = 0x050a0e0e0b06;
        bytes memory input = bytes.concat(full(20), bytes4(0xe07f0000), full(8), full(32736));
        bytes memory output = bytes.concat(full(12), bytes4(0xf0ff0000), full(65520));
        IReceipts.Receipt memory r =
            IReceipts.Receipt(modelId(), keccak256(input), keccak256(output), 4, DEADLINE, signer);
        IReceipts.Evidence memory e;
        e.branch = new bytes32[](32);
        bytes32 node = receipts.hashOf(r);
        for (uint256 i = 0; i < 32; i++) {
            e.branch[i] = keccak256(abi.encode(i));
            node = keccak256(abi.encodePacked(node, e.branch[i]));
        }
        e.root = node;
        vm.prank(signer);
        receipts.anchor(e.root, type(uint32).max);
        bytes memory data = abi.encodeCall(IReceipts.challenge, (r, e, model, input, output, "salt"));
        vm.deal(address(this), BOND);
        Cost memory cost = transact(address(receipts), address(dispute), BOND, data, Slots(1, 3));
        check(cost.total < 1 << 24 && cost.amsterdam < 1 << 24, "gas of a transaction");
        check(data.length < 128 * 1024, "bytes of a transaction");
    }

    function full(uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            text[i] = "a";
        }
    }

    function escrow() private view returns (uint256 amount) {
        (amount,) = receipts.escrowOf(signer);
    }

    /// @dev A challenge of a true receipt, lost at the step.
    function lost(IReceipts.Receipt memory r) private returns (Play memory play) {
        play = challenge(r, signed(r), CHALLENGER, 0);
        narrowAs(play, signer, false);
        prove(play);
    }

    function reveal4(Play memory play) private {
        vm.prank(signer);
        dispute.setDelegate(PROPOSER, true);
        reveal(play);
    }
}

/// @dev A wallet of ERC-1271 whose word changes.
contract Wallet {
    bool private denies;

    function deny() external {
        denies = true;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return denies ? bytes4(0) : this.isValidSignature.selector;
    }

    function act(address target, uint256 value, bytes calldata data) external {
        (bool done,) = target.call{value: value}(data);
        require(done, "refused");
    }
}
