package opml.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VotesTest {
  private static Log log(int block, int data) {
    return new Log("0xA", List.of(new byte[] {1}), new byte[] {(byte) data}, block, "0xB", 0);
  }

  private static Optional<Block> block(String hash) {
    return Optional.of(new Block(7, hash, "0x", 0));
  }

  @Test
  void whatMostTellCounts() {
    List<Log> invented = List.of(log(1, 1), log(2, 2));
    List<Log> right = List.of(log(1, 1));
    assertEquals(right, Votes.logs(List.of(invented, right, List.of(log(1, 1)))));
    assertEquals(List.of(), Votes.logs(List.of(List.of(), right, List.of())));
    assertEquals(block("b"), Votes.block(List.of(block("a"), block("b"), block("b"))));
  }

  @Test
  void betweenTwoWhatOneHidesIsHeardOfTheOther() {
    List<Log> right = List.of(log(1, 1));
    assertEquals(right, Votes.logs(List.of(List.of(), right)));
    assertEquals(right, Votes.logs(List.of(right, List.of())));
    assertEquals(block("a"), Votes.block(List.of(block("a"), block("b"))));
  }

  @Test
  void aBlockThatSomeHaveNotGotIsThatOfTheOthers() {
    assertEquals(block("a"), Votes.block(List.of(Optional.empty(), block("a"), Optional.empty())));
    assertEquals(Optional.empty(), Votes.block(List.of(Optional.empty())));
  }
}
