package opml.receipt;

import io.quarkus.hibernate.orm.panache.common.ProjectedFieldName;
import io.quarkus.panache.common.Sort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import opml.http.Client;
import opml.http.Page;
import opml.http.Places;
import opml.http.Problem;
import opml.request.Answer;
import opml.request.Request;

/**
 * Finds receipts, newest first. Model and state are looked up in an index. Words are read in the
 * texts, so many rows a request and no more: a page may hold fewer rows than it could, and its
 * cursor says where to go on.
 */
final class Search {
  static final int READ = 1000; // rows
  private static final int CHAT = 1; // kind of a request
  private static final int IMAGE = 2;
  private static final int CHUNK = 50; // rows in memory at once; a row has up to 96 KiB of text

  private static final int AT_ONCE = 4; // searches for words: each holds a connection for a while
  private static final int OF_ONE = 3; // client: who types gives up searches that still run
  private static final int RETRY_SECONDS = 2;

  static final Places READERS =
      new Places(
          AT_ONCE,
          OF_ONE,
          () -> busy(503, AT_ONCE + " searches for words are under way: search again in a moment."),
          () -> busy(429, "You have " + OF_ONE + " searches for words under way: wait for one."));

  private Search() {}

  private static Problem busy(int status, String detail) {
    return Problem.busy(status, "too-many-searches", detail, RETRY_SECONDS);
  }

  /** A row's texts. */
  record Texts(
      @ProjectedFieldName("sequence") long sequence,
      @ProjectedFieldName("input") byte[] input,
      @ProjectedFieldName("output") byte[] output) {
    boolean hold(List<String> words) {
      String all = (asked() + Answer.decode(output).text()).toLowerCase(Locale.ROOT);
      return words.stream().allMatch(all::contains);
    }

    /** The texts of a request, each on a line: protocol section 6. An image has none. */
    private String asked() {
      ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
      StringBuilder text = new StringBuilder();
      int kind = in.getInt(0);
      for (int at = Request.HEADER; kind != IMAGE && at < input.length; ) {
        int from = kind == CHAT ? at + 5 : at; // behind role and length
        int length = kind == CHAT ? in.getInt(at + 1) : input.length - at;
        text.append(new String(input, from, length, StandardCharsets.UTF_8)).append('\n');
        at = from + length;
      }
      return text.toString();
    }
  }

  static Page<ReceiptView> page(Wanted wanted, Page.Range range, Client client) {
    if (wanted.words().isEmpty()) {
      return indexed(wanted, range);
    }
    Runnable leave = READERS.enter(client);
    try {
      return read(wanted, range);
    } finally {
      leave.run();
    }
  }

  private static Page<ReceiptView> indexed(Wanted wanted, Page.Range range) {
    List<Receipt> rows =
        Receipt.<Receipt>find(
                wanted.condition(), Sort.descending("sequence"), wanted.parameters(range.before()))
            .page(0, range.limit() + 1)
            .list();
    return Page.of(rows, range, r -> r.sequence, Receipts::view);
  }

  private static Page<ReceiptView> read(Wanted wanted, Page.Range range) {
    List<Long> found = new ArrayList<>();
    long before = range.before();
    for (int read = 0; read < READ && found.size() < range.limit(); read += CHUNK) {
      List<Texts> rows =
          Receipt.find(wanted.condition(), Sort.descending("sequence"), wanted.parameters(before))
              .page(0, CHUNK)
              .project(Texts.class)
              .list();
      for (Texts row : rows) {
        if (found.size() < range.limit()) {
          before = row.sequence();
          if (row.hold(wanted.words())) {
            found.add(before);
          }
        }
      }
      if (rows.size() < CHUNK && found.size() < range.limit()) {
        return new Page<>(views(found), null);
      }
    }
    return new Page<>(views(found), Long.toString(before));
  }

  private static List<ReceiptView> views(List<Long> sequences) {
    return sequences.isEmpty()
        ? List.of()
        : Receipt.<Receipt>list("sequence in ?1", Sort.descending("sequence"), sequences).stream()
            .map(Receipts::view)
            .toList();
  }
}
