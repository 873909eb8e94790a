package opml.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokenizer written the obvious way, with a regular expression and lists: what the guest's is
 * compared with.
 */
public final class PlainTokenizer {
  private static final String DIGIT = "[\\p{N}\\x{11de0}-\\x{11de9}\\x{16ff4}-\\x{16ff6}]";
  private static final Pattern DIGITS =
      Pattern.compile(DIGIT + "|[^\\p{N}\\x{11de0}-\\x{11de9}\\x{16ff4}-\\x{16ff6}]+");
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern CASELESS =
      Pattern.compile(
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);
  private final Vocabulary vocabulary;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<String, Integer> ranks = new HashMap<>();

  public PlainTokenizer(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    for (int i = 0; i < vocabulary.tokens().size(); i++) {
      ids.put(vocabulary.tokens().get(i), i);
    }
    for (int i = 0; i < vocabulary.merges().size(); i++) {
      ranks.put(vocabulary.merges().get(i), i);
    }
  }

  /** Words of a text without special tokens, in the byte alphabet. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher pieces = DIGITS.matcher(text);
    while (pieces.find()) {
      Matcher matcher = WORDS.matcher(pieces.group());
      while (matcher.find()) {
        words.add(ByteAlphabet.encode(matcher.group().getBytes(StandardCharsets.UTF_8)));
      }
    }
    return words;
  }

  /** Token ids of a text without special tokens. */
  public List<Integer> plain(String text) {
    return switch (vocabulary.pre()) {
      case "llama-bpe" -> caseless(text);
      case "default" -> sentence(text);
      default -> classic(text);
    };
  }

  private List<Integer> caseless(String text) {
    List<Integer> tokens = new ArrayList<>();
    Matcher matcher = CASELESS.matcher(text);
    while (matcher.find()) {
      String word = ByteAlphabet.encode(matcher.group().getBytes(StandardCharsets.UTF_8));
      if (ids.containsKey(word) && vocabulary.normal(ids.get(word))) {
        tokens.add(ids.get(word));
      } else {
        merge(word).forEach(symbol -> tokens.add(ids.get(symbol)));
      }
    }
    return tokens;
  }

  /** SentencePiece: the pair whose text has the best score, until there is none. */
  private List<Integer> sentence(String text) {
    List<String> symbols = new ArrayList<>();
    if (!text.isEmpty()) {
      (" " + text)
          .replace(' ', '\u2581')
          .codePoints()
          .mapToObj(Character::toString)
          .forEach(symbols::add);
    }
    while (true) {
      int best = -1;
      float top = Float.NEGATIVE_INFINITY;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        Integer id = ids.get(symbols.get(i) + symbols.get(i + 1));
        if (id != null && vocabulary.normal(id) && vocabulary.scores()[id] > top) {
          best = i;
          top = vocabulary.scores()[id];
        }
      }
      if (best < 0) {
        break;
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
    List<Integer> tokens = new ArrayList<>();
    for (String symbol : symbols) {
      if (ids.containsKey(symbol)) {
        tokens.add(ids.get(symbol));
      } else {
        for (byte octet : symbol.getBytes(StandardCharsets.UTF_8)) {
          tokens.add(3 + (octet & 255));
        }
      }
    }
    return tokens;
  }

  private List<Integer> classic(String text) {
    List<Integer> tokens = new ArrayList<>();
    for (String word : words(text)) {
      merge(word).forEach(symbol -> tokens.add(ids.get(symbol)));
    }
    return tokens;
  }

  /** Token ids of a text in which special tokens are found: leftmost, then longest. */
  public List<Integer> special(String text) {
    List<Integer> tokens = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      int best = specialAt(text, i);
      if (best >= 0) {
        tokens.addAll(plain(text.substring(start, i)));
        tokens.add(best);
        start = i + vocabulary.tokens().get(best).length();
        i = start - 1;
      }
    }
    tokens.addAll(plain(text.substring(start)));
    return tokens;
  }

  private int specialAt(String text, int at) {
    int best = -1;
    for (int i = 0; i < vocabulary.tokens().size(); i++) {
      String token = vocabulary.tokens().get(i);
      boolean longer = best < 0 || token.length() > vocabulary.tokens().get(best).length();
      best = vocabulary.special(i) && longer && text.startsWith(token, at) ? i : best;
    }
    return best;
  }

  private List<String> merge(String word) {
    List<String> symbols = new ArrayList<>();
    word.chars().mapToObj(Character::toString).filter(ids::containsKey).forEach(symbols::add);
    while (true) {
      int best = -1;
      int least = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int rank = ranks.getOrDefault(symbols.get(i) + " " + symbols.get(i + 1), Integer.MAX_VALUE);
        if (rank < least) {
          best = i;
          least = rank;
        }
      }
      if (best < 0) {
        return symbols;
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
  }
}
