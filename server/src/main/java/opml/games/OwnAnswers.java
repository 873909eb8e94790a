package opml.games;

import java.util.LinkedHashMap;
import java.util.Map;
import opml.chain.Claim;
import opml.http.Hex;
import opml.model.Model;

/**
 * Own answers that a claim agreed with, of the requests replayed last. Whoever floods the chain
 * with true claims of one answer has computed it once; so does the validator.
 */
final class OwnAnswers {
  private static final int KEPT = 256; // of up to 64 KiB

  private final Map<String, Model.Outcome> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Model.Outcome> eldest) {
          return size() > KEPT;
        }
      };

  /** The answer to a request, or null. */
  synchronized Model.Outcome of(byte[] modelId, byte[] inputHash) {
    return answers.isEmpty() ? null : answers.get(request(modelId, inputHash));
  }

  /** A claim says the same. */
  synchronized void agreed(Claim claim, Model.Outcome own) {
    answers.put(request(claim.modelId(), claim.inputHash()), own);
  }

  private static String request(byte[] modelId, byte[] inputHash) {
    return Hex.of(modelId) + Hex.of(inputHash);
  }
}
