package opml.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A byte-level vocabulary of some hundred tokens, learned here from a few lines of text: five
 * special tokens, 251 of the bytes, and merges whose tokens are numbered in alphabetical order, not
 * in that of their ranks.
 */
public final class SmallVocabulary {
  public static final List<String> SPECIALS =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|im|>", "<|im_start");

  static final String TEMPLATE =
      "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\n"
          + "You are small.<|im_end|>\\n"
          + "' }}{% endif %}{% for m in messages %}{{'<|im_start|>' + m['role'] + '\\n"
          + "' + m['content'] + '<|im_end|>' + '\\n"
          + "'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n"
          + "' }}{% endif %}";

  private static final String CORPUS =
      """
      the quick brown fox doesn't jump over the lazy dog, and I'll say that they're right: we've seen it, haven't we?
      system user assistant You are small. the the the and and for that with this have from they would there their
      aaaaaaaaaaaaaaaa bbbbbbbb abababababab hahahaha      \t\t    int main(void) { return 0; } // == != <= >= -> ...
      die Größe der Straße; l'été où naïve cœur; señor mañana; привет мир, как дела; γειά σου κόσμε; שלום עולם; مرحبا
      你好世界,今天天气很好。日本語をはなします。안녕하세요 세계 👍🏽 👨‍👩‍👧 e\u0301e\u0301 हिन्दी ภาษาไทย \u00a0\u00a0\u2003
      <|endoftext|> <|im_start|> <|im_end|> <|im|>
      """;

  private static final int MERGES = 300;
  private static final String MISSING = "\u0004\u0006\u001d";

  private SmallVocabulary() {}

  /** The vocabulary, the same at each call. */
  public static Vocabulary make() {
    List<String> merges = learn();
    List<String> tokens = new ArrayList<>(SPECIALS);
    for (int octet = 0; octet < 256; octet++) {
      if (MISSING.indexOf(octet) < 0 && octet != 0xc0 && octet != 0xf1) {
        tokens.add(String.valueOf(ByteAlphabet.character(octet)));
      }
    }
    TreeSet<String> made = new TreeSet<>();
    merges.forEach(merge -> made.add(merge.replace(" ", "")));
    tokens.addAll(made);
    int[] types = new int[tokens.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = i < SPECIALS.size() ? 3 : 1;
    }
    return new Vocabulary("gpt2", "smollm", tokens, types, merges, 1, 2, false, TEMPLATE);
  }

  /** The same tokens in the style of Llama 3, with its template and two words without merges. */
  public static Vocabulary caseless() {
    Vocabulary v = make();
    List<String> tokens = new ArrayList<>(v.tokens());
    tokens.addAll(
        List.of("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "xyzzy", "\u0120qv"));
    int[] types = Arrays.copyOf(v.types(), tokens.size());
    for (int i = v.tokens().size(); i < types.length; i++) {
      types[i] = i < types.length - 2 ? 3 : 1;
    }
    String template =
        "{{ '<|start_header_id|>' + role + '<|end_header_id|>\n\n' + message['content'] | trim }}";
    return new Vocabulary("gpt2", "llama-bpe", tokens, types, v.merges(), 0, 2, true, template);
  }

  /** A SentencePiece vocabulary: bytes, some characters, and the merges above that are ASCII. */
  public static Vocabulary sentence() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int octet = 0; octet < 256; octet++) {
      tokens.add(String.format("<0x%02X>", octet));
    }
    TreeSet<String> pieces = new TreeSet<>(List.of("ö", "世", "\u2581", "👍"));
    for (char c = '!'; c < 0x7f; c++) {
      pieces.add("" + c);
    }
    List<String> made =
        learn().stream()
            .map(m -> m.replace(" ", "").replace('\u0120', '\u2581'))
            .filter(m -> m.matches("[!-~\u2581]+"))
            .toList();
    tokens.addAll(pieces);
    int first = tokens.size();
    tokens.addAll(made.stream().sorted().toList());
    int[] types = new int[tokens.size()];
    float[] scores = new float[tokens.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = i == 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1;
      scores[i] = i < first ? -1e6f : -made.indexOf(tokens.get(i));
    }
    String template = "{{ '[INST] ' + '<<SYS>>' + content.strip() + ' [/INST]' }}";
    return new Vocabulary(
        "llama", "default", tokens, types, List.of(), scores, 1, 2, true, true, template);
  }

  private static List<String> learn() {
    List<List<String>> words = new ArrayList<>();
    for (String word : PlainTokenizer.words(CORPUS)) {
      words.add(new ArrayList<>(word.chars().mapToObj(Character::toString).toList()));
    }
    List<String> merges = new ArrayList<>();
    while (merges.size() < MERGES) {
      Map<String, Integer> counts = new HashMap<>();
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          counts.merge(word.get(i) + " " + word.get(i + 1), 1, Integer::sum);
        }
      }
      String best =
          counts.keySet().stream()
              .max(
                  (a, b) ->
                      counts.get(a).equals(counts.get(b))
                          ? b.compareTo(a)
                          : counts.get(a) - counts.get(b))
              .orElseThrow();
      merges.add(best);
      words.forEach(word -> join(word, best));
    }
    return merges;
  }

  private static void join(List<String> word, String merge) {
    for (int i = 0; i + 1 < word.size(); i++) {
      if ((word.get(i) + " " + word.get(i + 1)).equals(merge)) {
        word.set(i, word.get(i) + word.remove(i + 1));
      }
    }
  }
}
