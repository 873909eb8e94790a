package opml.dispute;

import opml.chain.Claim;
import opml.chain.Contracts;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.Hex;
import opml.chain.Sender;
import opml.chain.Terms;
import opml.commitment.Keccak;

/**
 * A true answer is claimed, and a game about the claim opened, as two parties of a test do.
 *
 * @param terms of the deployment
 */
record Opening(
    MachineProgram program, byte[] input, Answered truth, Contracts contracts, Terms terms) {
  Claim claim(Sender proposer, DisputeContract dispute) {
    Claim claim =
        new Claim(
            program.model(contracts.verifier()).id(),
            Keccak.hash(input),
            Keccak.hash(truth.output()),
            truth.h(),
            proposer.account(),
            proposer.account(),
            new byte[32]);
    proposer.send("claim", dispute.create(claim, terms.claimBond()));
    return claim;
  }

  GameKey open(Claim claim, byte[] salt, Sender challenger, DisputeContract dispute) {
    GameKey key = new GameKey(claim.id(), challenger.account(), salt);
    challenger.send(
        "open " + Hex.of(key.id()), // senders send what has one name once
        dispute.open(
            claim,
            program.model(contracts.verifier()),
            input,
            truth.output(),
            key.salt(),
            key.challenger(),
            terms.challengeBond()));
    return key;
  }
}
