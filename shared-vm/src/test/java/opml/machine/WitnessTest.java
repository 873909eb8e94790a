package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import opml.step.StepVerifier;
import opml.step.WitnessException;
import org.junit.jupiter.api.Test;

/** INV-05: a witness is exact, to the byte and to the bit. */
class WitnessTest {
  private static Machine[] machines() {
    Machine alu = Lab.running(Asm.r(0x33, 0, 0, 7, 5, 6));
    Machine load = Lab.running(Asm.i(0x03, 3, 7, 0, 64));
    Machine store = Lab.running(Asm.s(3, 0, 5, 64));
    Machine illegal = Lab.running(0);
    Machine nowhere = Lab.running(0);
    nowhere.cpu().pc = -4;
    Machine yielded = Lab.machine();
    Machine exited = Lab.running(Asm.addi(17, 0, 1), Asm.ecall());
    exited.run(2);
    Machine faulted = Lab.running(0);
    faulted.run(1);
    return new Machine[] {alu, load, store, illegal, nowhere, yielded, exited, faulted};
  }

  @Test
  void everyTruncationAndEveryExtensionIsRejected() {
    for (Machine m : machines()) {
      byte[] w = m.witness(true);
      StepVerifier.verify(w, true);
      for (int n = 0; n < w.length; n++) {
        byte[] cut = Arrays.copyOf(w, n);
        assertThrows(WitnessException.class, () -> StepVerifier.verify(cut, true), "cut to " + n);
      }
      for (int n : new int[] {1, 31, 32, 64, 288}) {
        byte[] longer = Arrays.copyOf(w, w.length + n);
        assertThrows(WitnessException.class, () -> StepVerifier.verify(longer, true));
      }
    }
  }

  @Test
  void everyFlippedBitIsRejectedOrGivesAnotherPrestate() {
    int rejected = 0;
    for (Machine m : machines()) {
      byte[] w = m.witness(true);
      byte[] pre = m.stateHash();
      for (int bit = 0; bit < 8 * w.length; bit += w.length > 200 ? 3 : 1) {
        byte[] flipped = w.clone();
        flipped[bit >> 3] ^= (byte) (1 << (bit & 7));
        try {
          byte[] both = StepVerifier.verify(flipped, true);
          assertFalse(Arrays.equals(pre, Arrays.copyOf(both, 32)), "bit " + bit);
        } catch (WitnessException e) {
          rejected++;
        }
      }
    }
    assertEquals(true, rejected > 5000, rejected + " rejected");
  }

  @Test
  void aWitnessForABoundaryIsNoneElsewhere() {
    byte[] resuming = Lab.machine().witness(true);
    byte[] waiting = Lab.machine().witness(false);
    assertEquals(167, waiting.length);
    assertThrows(WitnessException.class, () -> StepVerifier.verify(resuming, false));
    assertThrows(WitnessException.class, () -> StepVerifier.verify(waiting, true));
  }

  @Test
  void sizesBeyondTheAddressSpaceAreRejected() {
    byte[] w = Lab.running(Asm.addi(1, 1, 1)).witness();
    for (int size : new int[] {36, 127, 128, 255}) {
      w[289 + 2] = (byte) size;
      assertThrows(WitnessException.class, () -> StepVerifier.verify(w, false), "size " + size);
    }
  }

  /** A YIELD state that resumes is as bounded as a RUN state; its SCRATCH has no root yet. */
  @Test
  void sizesBeyondTheAddressSpaceAreRejectedWhenAStateResumes() {
    for (int region = 0; region < 6; region++) {
      for (int size : new int[] {36, 127, 128, 255}) {
        byte[] w = Lab.machine().witness(true);
        w[1 + region] = (byte) size;
        String what = "size " + size + " of region " + region;
        assertThrows(WitnessException.class, () -> StepVerifier.verify(w, true), what);
      }
    }
  }

  /** What a reader of a game is shown of a step. */
  @Test
  void theStateAfterAStepIsGivenWholeWhileItRuns() {
    for (Machine m : machines()) {
      byte[] after = StepVerifier.running(m.witness(true), true);
      m.resume();
      m.run(1);
      if (m.status() == Machine.RUNNING) {
        assertArrayEquals(m.preimage(), after);
      } else {
        assertNull(after);
      }
    }
  }

  @Test
  void anUnknownFormIsRejected() {
    for (int form = 4; form < 256; form++) {
      byte[] w = new byte[487];
      w[0] = (byte) form;
      assertThrows(WitnessException.class, () -> StepVerifier.verify(w, false));
    }
  }
}
