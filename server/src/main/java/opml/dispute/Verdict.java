package opml.dispute;

import java.util.List;
import opml.chain.DisputeContract;

/**
 * How a demonstration ended.
 *
 * @param asItShould all of the following three
 * @param liarSlashed the liar lost the game and has no credit left at the dispute contract
 * @param honestRepaid the honest side took out at least its bond and ended with more than it had
 * @param answerRight the answer on the chain is the true one
 * @param truth text of the true answer
 * @param lie text of the false one
 * @param story what the liar did
 * @param gasProposer of the game's moves
 * @param gasChallenger of the opening and the game's moves
 * @param stepGas of the transaction that executed the disputed step
 * @param milliseconds from the request to the last withdrawal
 */
public record Verdict(
    boolean asItShould,
    boolean liarSlashed,
    boolean honestRepaid,
    boolean answerRight,
    DisputeContract.Ending ending,
    String truth,
    String lie,
    String story,
    List<Played> moves,
    long gasProposer,
    long gasChallenger,
    long stepGas,
    long milliseconds) {}
