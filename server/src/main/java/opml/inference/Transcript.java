package opml.inference;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import opml.guest.Control;
import opml.guest.Header;
import opml.guest.Wire;

/** What a run has read and written so far: the prompt's tokens, the answer's and its text. */
final class Transcript {
  private static final int TEXT = (int) (Wire.TEXT - Wire.OUTPUT);

  private final NativeMemory memory;
  private int seen;
  private int sent;

  Transcript(NativeMemory memory) {
    this.memory = memory;
  }

  /** Hands on the text since the last call, but no part of a character. */
  void send(Consumer<String> onText) {
    int length = length();
    if (length != seen) {
      seen = length;
      send(onText, whole(length));
    }
  }

  /** Hands on the text since the last call. */
  void sendAll(Consumer<String> onText) {
    send(onText, length());
  }

  private void send(Consumer<String> onText, int to) {
    if (to > sent) {
      onText.accept(text(sent, to));
      sent = to;
    }
  }

  /** Bytes up to the last whole UTF-8 character. */
  private int whole(int length) {
    for (int back = 1; back <= Math.min(3, length); back++) {
      int octet = memory.loadU8(Wire.TEXT + length - back);
      if (octet >= 0xc0) {
        int needed = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2;
        return needed > back ? length - back : length;
      }
      if (octet < 0x80) {
        return length;
      }
    }
    return length;
  }

  /** The text so far, with a replacement character where it ends inside a character. */
  String text() {
    return text(0, length());
  }

  private String text(int from, int to) {
    return new String(bytes(TEXT + from, to - from), StandardCharsets.UTF_8);
  }

  private int length() {
    return memory.loadI32(Control.TEXT_LENGTH);
  }

  /** The answer with its header, as long as the header says. */
  byte[] output() {
    int length = memory.loadI32(Wire.OUTPUT + 12);
    return bytes(0, TEXT + Math.max(0, Math.min(length, Wire.MAX_TEXT)));
  }

  private byte[] bytes(int from, int length) {
    return memory.output.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Tokens of the prompt; empty while it is being read. */
  int[] prompt() {
    return tokens(0, memory.loadI32(Control.PROMPT_TOKENS));
  }

  /** Generated tokens, without the stop token. */
  int[] completion() {
    return tokens(memory.loadI32(Control.PROMPT_TOKENS), memory.loadI32(Control.COMPLETION_TOKENS));
  }

  private int[] tokens(int from, int count) {
    long base = memory.loadI64(Header.TOKENS);
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = memory.loadI32(base + 4L * (from + i));
    }
    return out;
  }
}
