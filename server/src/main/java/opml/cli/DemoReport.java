package opml.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import opml.chain.Hex;
import opml.dispute.Played;
import opml.dispute.Verdict;
import opml.game.Position;

/** A demonstration for people, and as JSON. */
final class DemoReport {
  private final PrintWriter out;

  DemoReport(PrintWriter out) {
    this.out = out;
  }

  /** One line a move, and the states around the first difference of a pick. */
  void move(Played move) {
    Position p = move.before();
    String place =
        p == null
            ? ""
            : " steps "
                + p.loIndex()
                + (p.width() == 0 ? "" : " + 2^" + p.width())
                + ", from "
                + Hex.brief(p.lo())
                + " to "
                + Hex.brief(p.hi());
    out.printf(
        Locale.ROOT,
        "%-10s %-7s round %d %7d gas %6d ms%s%n",
        move.by(),
        move.kind(),
        move.round(),
        move.gas(),
        move.milliseconds(),
        place);
    out.println("           " + move.reason());
    if (move.segment() >= 0 && move.segment() < move.states().size()) {
      out.printf(
          "           segment %d: revealed %s, own %s%n",
          move.segment(),
          Hex.brief(move.states().get(move.segment())),
          Hex.brief(move.own().get(move.segment())));
    }
    out.flush();
  }

  void verdict(Verdict verdict, String prompt) {
    out.println();
    out.println("question       " + prompt);
    out.println("true answer    " + inWords(verdict.truth()));
    out.println("false answer   " + inWords(verdict.lie()));
    out.println("the lie        " + verdict.story());
    out.println("claim          " + words(verdict));
    out.println("liar slashed   " + yes(verdict.liarSlashed()));
    out.println("honest repaid  " + yes(verdict.honestRepaid()));
    out.println("right answer   " + (verdict.answerRight() ? "final on chain" : "missing"));
    out.println(
        "gas            proposer "
            + verdict.gasProposer()
            + ", challenger "
            + verdict.gasChallenger()
            + ", disputed step "
            + verdict.stepGas());
    out.println("time           " + verdict.milliseconds() + " ms");
  }

  /** The reader of digits answers with the digit and ten shares in thousandths. */
  static String inWords(String answer) {
    if (!answer.matches("[0-9]( [0-9]{1,4}){10}")) {
      return answer;
    }
    String[] parts = answer.split(" ");
    int thousandths = Integer.parseInt(parts[1 + Integer.parseInt(parts[0])]);
    return String.format(Locale.ROOT, "%s, for %.1f %%", parts[0], thousandths / 10.0);
  }

  private static String yes(boolean value) {
    return value ? "yes" : "NO";
  }

  private static String words(Verdict verdict) {
    String end = verdict.ending().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return (verdict.ending().proposerWon() ? "upheld" : "overturned") + " (" + end + ")";
  }

  static Map<String, Object> json(Verdict verdict) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", verdict.ending().proposerWon() ? "upheld" : "overturned");
    json.put("ending", verdict.ending().name());
    json.put("liarSlashed", verdict.liarSlashed());
    json.put("honestRepaid", verdict.honestRepaid());
    json.put("answerRight", verdict.answerRight());
    json.put("truth", verdict.truth());
    json.put("lie", verdict.lie());
    json.put("fault", verdict.story());
    json.put("rounds", verdict.moves().stream().map(DemoReport::json).toList());
    json.put("gasProposer", verdict.gasProposer());
    json.put("gasChallenger", verdict.gasChallenger());
    json.put("stepGas", verdict.stepGas());
    json.put("milliseconds", verdict.milliseconds());
    return json;
  }

  private static Map<String, Object> json(Played move) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", move.round());
    json.put("by", move.by());
    json.put("kind", move.kind());
    Position p = move.before();
    if (p != null) {
      json.put("loIndex", Long.toUnsignedString(p.loIndex()));
      json.put("width", p.width());
      json.put("lo", Hex.of(p.lo()));
      json.put("hi", Hex.of(p.hi()));
    }
    if (move.segment() >= 0) {
      json.put("segment", move.segment());
    }
    json.put("states", hex(move.states()));
    json.put("ownStates", hex(move.own()));
    json.put("gas", move.gas());
    json.put("transaction", move.transaction());
    json.put("milliseconds", move.milliseconds());
    json.put("reason", move.reason());
    return json;
  }

  private static List<String> hex(List<byte[]> states) {
    return states.stream().map(Hex::of).toList();
  }
}
