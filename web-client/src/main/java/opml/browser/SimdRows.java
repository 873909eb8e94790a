package opml.browser;

import opml.guest.Quantized;
import opml.guest.Tensor;
import opml.machine.Regions;
import org.teavm.interop.Import;

/** Matrix rows by the WebAssembly SIMD kernels of kernels.mjs: the plain kernels' bits, faster. */
final class SimdRows {
  private SimdRows() {}

  /** Computes the rows; false when the plain form has to run (it then faults as the VM does). */
  static boolean run(LinearMemory m, long tensor, int first, int rows, long x, long out) {
    int type = m.loadI32(tensor + Tensor.TYPE);
    int blocks = m.loadI32(tensor + Tensor.COLUMNS) >> 5;
    boolean nibbles = type == Tensor.Q4_0 || type == Tensor.Q4_1;
    boolean shifted = type == Tensor.Q4_1 || type == Tensor.Q5_1;
    if (!nibbles && !shifted && type != Tensor.Q8_0 || blocks < 1 || rows < 1 || first < 0) {
      return false;
    }
    int width = nibbles ? 16 : 32;
    long skipped = (long) first * blocks;
    long items = (long) rows * blocks;
    long plane = tensor + Tensor.PLANES;
    int w = weights(m, m.loadI64(plane) + skipped * width, items * width, width);
    int d = weights(m, m.loadI64(plane + 8) + 2 * skipped, 2 * items, 2);
    int min = shifted ? weights(m, m.loadI64(plane + 16) + 2 * skipped, 2 * items, 2) : 0;
    int bytes = Quantized.bytes(blocks);
    int q = m.within(Regions.STATE, x, bytes, 32);
    int y = m.within(Regions.STATE, out + 4L * first, 4L * rows, 4);
    boolean apart = y + 4L * rows <= q || q + (long) bytes <= y;
    if (w < 0 || d < 0 || min < 0 || q < 0 || y < 0 || !apart) {
      return false;
    }
    int s = q + (int) (Quantized.scales(x, blocks) - x);
    int u = q + (int) (Quantized.sums(x, blocks) - x);
    switch (type) {
      case Tensor.Q8_0:
        q80(w, d, min, blocks, rows, q, s, u, y);
        break;
      case Tensor.Q4_0:
        q40(w, d, min, blocks, rows, q, s, u, y);
        break;
      case Tensor.Q4_1:
        q41(w, d, min, blocks, rows, q, s, u, y);
        break;
      default:
        q51(w, d, min, blocks, rows, q, s, u, y);
        break;
    }
    return true;
  }

  private static int weights(LinearMemory m, long address, long bytes, int alignment) {
    return m.within(Regions.WEIGHTS, address, bytes, alignment);
  }

  @Import(module = "kernels", name = "q80")
  private static native void q80(
      int w, int d, int min, int blocks, int rows, int x, int scales, int sums, int out);

  @Import(module = "kernels", name = "q40")
  private static native void q40(
      int w, int d, int min, int blocks, int rows, int x, int scales, int sums, int out);

  @Import(module = "kernels", name = "q41")
  private static native void q41(
      int w, int d, int min, int blocks, int rows, int x, int scales, int sums, int out);

  @Import(module = "kernels", name = "q51")
  private static native void q51(
      int w, int d, int min, int blocks, int rows, int x, int scales, int sums, int out);
}
