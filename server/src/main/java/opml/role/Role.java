package opml.role;

/** A part that a process may play. */
public enum Role {
  /** Serves REST. */
  API,
  /** Runs models. */
  INFERENCE,
  /** Signs and anchors receipts, answers the oracle, defends its claims. */
  PROPOSER,
  /** Replays every claim and challenges those that differ. */
  VALIDATOR,
  /** Reads the chain's events into the database. */
  INDEXER
}
