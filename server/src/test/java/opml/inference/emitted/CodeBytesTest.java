package opml.inference.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The AVX-512 code is what it was when it last ran on such a processor. Whoever changes it on
 * purpose runs the twin tests on one and pins the new digest.
 */
class CodeBytesTest {
  @Test
  void avx512CodeIsUnchanged() throws Exception {
    MessageDigest all = MessageDigest.getInstance("SHA-256");
    for (Form form : List.of(Form.Q4_0, Form.Q4_1, Form.Q8_0, Form.Q5_1)) {
      for (int tail = 0; tail < 8; tail++) {
        for (int vectors = 1; vectors <= RowsCode.MOST; vectors++) {
          all.update(new RowsCode(form, tail, vectors).emit());
        }
      }
    }
    for (Form form : Form.values()) {
      all.update(new PackCode(Level.AVX512, form, 24).emit());
      for (int vectors = 1; vectors <= WidePanelCode.TOGETHER; vectors++) {
        all.update(new WidePanelCode(form, vectors).emit());
      }
    }
    for (int headDim = 32; headDim <= 256; headDim += 32) {
      all.update(new HeadCode(headDim).emit());
    }
    all.update(ActivateKernel.emit());
    all.update(new KeccakCode(false).emit());
    all.update(new KeccakCode(true).emit());
    assertEquals(
        "7bba2750238acfe26d3035d2e5b9bc7c71efb8896ed8b34b1de642593655d218",
        HexFormat.of().formatHex(all.digest()));
  }
}
