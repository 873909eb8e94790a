// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute} from "../src/Dispute.sol";
import {IDispute} from "../src/interfaces/IDispute.sol";
import {IOracle} from "../src/interfaces/IOracle.sol";
import {Claim} from "../src/types/Claim.sol";
import {Game, Status} from "../src/types/Game.sol";
import {OracleFixture} from "./OracleFixture.sol";
import {ToyTrace} from "./ToyTrace.sol";
import {TransactionGas} from "./TransactionGas.sol";

/// @dev Attacks from outside the game: on gas, on the mempool, on names, on sums. Each test is one that must fail.
contract AttacksTest is OracleFixture, TransactionGas {
    /// @dev Most gas of a transaction by EIP-7825.
    uint256 private constant TRANSACTION_GAS = 1 << 24;
    /// @dev Most bytes of a transaction that nodes pass on.
    uint256 private constant TRANSACTION_BYTES = 128 * 1024;

    /* gas */

    /// @dev An answer so long that no challenge can post it would be final whatever it says.
    function test_attack_answerTooLongToChallenge_isRefused() public {
        IOracle.Request memory r = requestOf(address(0), false);
        ask(r);
        bytes memory output = bytes.concat(new bytes(12), bytes4(0xf1ff0000), new bytes(65521));
        vm.expectRevert(abi.encodeWithSelector(IOracle.OutputForm.selector, 65537));
        vm.prank(PROPOSER);
        oracle.claim{value: 4 * BOND}(r, output, "");
    }

    /// @dev The longest claim there is can be challenged in one transaction, under today's rules and the announced ones.
    function test_attack_longestBytes_fitOneTransaction() public {
        model.sizes = 0x050a0e0e0b06;
        bytes memory input = bytes.concat(full(20), bytes4(0xe07f0000), full(8), full(32736));
        bytes memory output = bytes.concat(full(12), bytes4(0xf0ff0000), full(65520));
        equal(input.length + output.length, 32768 + 65536, "as long as can be");
        Claim memory claim = Claim(modelId(), keccak256(input), keccak256(output), 4, PROPOSER, PROPOSER, "salt");
        create(claim);
        bytes memory data = abi.encodeCall(IDispute.open, (claim, model, input, output, bytes32("salt"), CHALLENGER));
        vm.deal(address(this), BOND);
        Cost memory cost = transact(address(dispute), address(verifier), BOND, data, Slots(1, 1));
        check(cost.total < TRANSACTION_GAS && cost.amsterdam < TRANSACTION_GAS, "gas of a transaction");
        check(data.length < TRANSACTION_BYTES, "bytes of a transaction");
        (,,, uint32 openGames,) = dispute.claimOf(keccak256(abi.encode(claim)));
        equal(openGames, 1, "a game, not a malformed claim");
    }

    /// @dev A proof with too little gas must not end the game in another way.
    function testFuzz_attack_starvedProof_changesNothing(uint256 gas_) public {
        Play memory play = start(1, 3);
        narrow(play, true, 0);
        bytes memory data = abi.encodeCall(IDispute.prove, (proof(play, ToyTrace.witness(play.p.loIndex))));
        (bool done,) = address(dispute).call{gas: gas_ % 150_000}(data);
        if (done) check(statusOf(play) == Status.Defeated, "the right end");
        else agree(play);
    }

    /// @dev Lost challenges fill their counter: `collect` is anybody's, so the next game can end.
    function test_attack_fullCounterOfLostGames_isEmptiedByAnybody() public {
        Play memory play = start(1, 0);
        narrow(play, false, 2);
        bytes32 slot = keccak256(abi.encode(play.claimId, 0));
        uint256 entry = uint256(vm.load(address(dispute), slot));
        uint256 lostBefore = 65535;
        vm.store(address(dispute), slot, bytes32(entry | lostBefore << 224));
        vm.deal(address(dispute), address(dispute).balance + lostBefore * BOND);
        (,,,, uint32 wonGames) = dispute.claimOf(play.claimId);
        equal(wonGames, lostBefore, "the counter of that slot");
        bytes memory data = proof(play, ToyTrace.witness(play.p.loIndex));
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        dispute.prove(data);
        vm.prank(STRANGER);
        dispute.collect(play.claimId);
        dispute.prove(data);
        (,,,, wonGames) = dispute.claimOf(play.claimId);
        equal(wonGames, 1, "ended");
    }

    /* the mempool */

    /// @dev Who copies an `open` pays for the original challenger's game; the original's reverts, and he lost nothing.
    function test_attack_copiedOpen_paysForTheVictim() public {
        Play memory play = make(1, 3);
        uint256 before = CHALLENGER.balance;
        vm.prank(STRANGER);
        openAs(play, "game", CHALLENGER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDispute.GameExists.selector, keccak256(abi.encodePacked(play.claimId, CHALLENGER, bytes32("game")))
            )
        );
        vm.prank(CHALLENGER);
        dispute.open{value: BOND}(play.claim, model, ToyTrace.input(), ToyTrace.output(3), "game", CHALLENGER);
        equal(CHALLENGER.balance, before, "nothing lost");
        Play memory game =
            begun(play, CHALLENGER, "game", keccak256(abi.encodePacked(play.claimId, CHALLENGER, bytes32("game"))));
        narrow(game, true, 0);
        prove(game);
        settle(game);
        equal(dispute.owed(CHALLENGER), 3 * BOND, "the victim's winnings");
        equal(dispute.owed(STRANGER), 0, "not the copier's");
    }

    /// @dev A proof seen in the mempool is worth nothing to who sends it first.
    function test_attack_copiedProof_paysTheSame() public {
        Play memory play = start(1, 3);
        narrow(play, true, 0);
        vm.prank(PROPOSER);
        dispute.prove(proof(play, ToyTrace.witness(play.p.loIndex)));
        settle(play);
        equal(dispute.owed(CHALLENGER), 3 * BOND, "paid whoever sent it");
    }

    /// @dev A commitment copied and sent first only makes the original older.
    function test_attack_copiedCommitment_helpsItsAuthor() public {
        IOracle.Request memory r = requestOf(address(0), false);
        bytes32 requestId = ask(r);
        bytes32 outputHash = keccak256(ToyTrace.output(2));
        bytes32 commitment = keccak256(abi.encode(requestId, CHALLENGER, outputHash, bytes32("nonce")));
        vm.warp(EXCLUSIVE);
        vm.prank(STRANGER);
        oracle.commit(commitment);
        vm.warp(EXCLUSIVE + DELAY);
        bytes32 copied = keccak256(abi.encode(requestId, STRANGER, outputHash, bytes32("nonce")));
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotCommitted.selector, copied));
        vm.prank(STRANGER);
        oracle.claim{value: 4 * BOND}(r, ToyTrace.output(2), "nonce");
        answer(r, CHALLENGER, 2);
    }

    /* names */

    /// @dev A lie told in somebody's name costs the teller; who was named has lost nothing.
    function test_attack_claimInVictimsName_bindsNoEtherOfHis() public {
        Claim memory claim = claimOf(1, 3, "in his name");
        claim.source = STRANGER;
        uint256 before = PROPOSER.balance;
        Play memory play;
        (play.claim, play.claimId, play.lie) = (claim, create(claim), 3);
        play = join(play, CHALLENGER, "game");
        vm.warp(block.timestamp + PROPOSER_TIME);
        dispute.timeout(play.game, pack(play.p));
        settle(play);
        equal(PROPOSER.balance, before, "nothing lost");
        equal(STRANGER.balance, 1000 ether - 4 * BOND, "the teller's bond");
    }

    /// @dev A held claim returns its bond to who staked it, whoever is named.
    function test_attack_heldClaimInVictimsName_paysTheHolder() public {
        Claim memory claim = claimOf(1, 0, "held");
        claim.source = STRANGER;
        vm.prank(STRANGER);
        bytes32 claimId = dispute.createHeld{value: 4 * BOND}(claim, 0);
        vm.warp(START + WINDOW);
        dispute.release(claimId);
        equal(dispute.owed(STRANGER), 4 * BOND, "the holder");
        equal(dispute.owed(PROPOSER), 0, "not who is named");
    }

    function test_attack_heldClaimOfOthers_reverts() public {
        Claim memory claim = claimOf(1, 0, "held");
        vm.deal(STRANGER, 4 * BOND);
        vm.expectRevert(abi.encodeWithSelector(IDispute.NotSource.selector, PROPOSER));
        vm.prank(STRANGER);
        dispute.createHeld{value: 4 * BOND}(claim, 0);
    }

    /// @dev Nobody makes a held claim shorter than a window.
    function testFuzz_attack_heldClaim_isOpenForAWindow(uint64 openUntil) public {
        Claim memory claim = claimOf(1, 0, "held");
        vm.prank(PROPOSER);
        bytes32 claimId = dispute.createHeld{value: 4 * BOND}(claim, openUntil);
        (,, uint64 endsAt,,) = dispute.claimOf(claimId);
        check(endsAt >= START + WINDOW, "a window at least");
        check(endsAt >= openUntil || endsAt == type(uint40).max, "and as long as was said");
    }

    /* sums */

    /// @dev With any bond, what a lie and a false challenge bring in is what goes out: no wei is lost in shares.
    function testFuzz_attack_rounding_losesNoWei(uint64 factor, uint8 others) public {
        uint256 bond = 320 * (uint256(factor) % 1e15 + 1);
        bytes memory arguments = abi.encode(verifier, bond, WINDOW, PROPOSER_TIME, CHALLENGER_TIME);
        dispute = Dispute(deploy("Dispute", arguments));
        uint256 count = others % 20;
        Claim memory claim = claimOf(1, 3, "sum");
        vm.prank(PROPOSER);
        bytes32 claimId = dispute.create{value: 4 * bond}(claim);
        bytes[] memory positions = new bytes[](count + 1);
        for (uint256 i = 0; i <= count; i++) {
            bytes32 gameId = keccak256(abi.encodePacked(claimId, CHALLENGER, i));
            vm.prank(CHALLENGER);
            dispute.open{value: bond}(claim, model, ToyTrace.input(), ToyTrace.output(3), bytes32(i), CHALLENGER);
            bytes memory states = abi.encodePacked(ToyTrace.state(0), ToyTrace.exit(3), bytes32(0));
            positions[i] = abi.encodePacked(gameId, uint64(0), uint8(30), uint8(0), states, START);
            positions[i] = abi.encodePacked(positions[i], PROPOSER_TIME, CHALLENGER_TIME, uint16(0));
        }
        uint256 burntBefore = BURN.balance;
        vm.warp(START + PROPOSER_TIME);
        dispute.timeout(Game(claimId, CHALLENGER, bytes32(count)), positions[count]);
        for (uint256 i = 0; i <= count; i++) {
            dispute.settle(Game(claimId, CHALLENGER, bytes32(i)), positions[i]);
        }
        equal(dispute.owed(CHALLENGER), address(dispute).balance, "all that is left is owed");
        equal(dispute.owed(CHALLENGER) + BURN.balance - burntBefore, (5 + count) * bond, "and the rest is burnt");
        check(BURN.balance - burntBefore >= bond, "at least B is burnt");
    }

    function full(uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i = 0; i < length; i++) {
            text[i] = "a";
        }
    }
}
