package opml.browser;

import opml.machine.Fragment;
import opml.machine.HostCode;
import opml.machine.Interpreter;
import opml.machine.Operations;
import opml.machine.Regions;
import opml.machine.Translation;
import org.teavm.interop.Address;
import org.teavm.interop.Import;

/** Translates each fragment to a WebAssembly module of its own, which JavaScript instantiates. */
final class WasmTranslation extends Translation {
  private static final int LIMIT = 500;

  private final int at;
  private final LinearPages[] placed = new LinearPages[Regions.COUNT];
  private final Frames frames;
  private Interpreter running;

  /**
   * @param size log2 of the leaves of CODE
   * @param at room of {@link Room#BYTES} in linear memory
   * @param pages by region; those that are never written are used where they lie
   */
  WasmTranslation(int size, int at, LinearPages[] pages) {
    super(pages[Regions.CODE], size, LIMIT);
    this.at = at;
    frames = new Frames(at);
    for (int r = 0; r < Regions.COUNT; r++) {
      placed[r] = Regions.writable(r) ? null : pages[r];
    }
  }

  @Override
  protected HostCode translate(Fragment fragment) {
    byte[] module = WasmModule.of(fragment, at);
    if (module.length > Room.MODULE_BYTES) {
      return null;
    }
    Linear.write(module, at + Room.MODULE);
    return new Instance(at, instantiate(at + Room.MODULE, module.length));
  }

  @Override
  protected void enter(Interpreter cpu) {
    running = cpu;
    for (int i = 1; i < 32; i++) {
      Address.fromInt(at + 8 * i).putLong(cpu.x[i]);
    }
    for (int i = 0; i < 32; i++) {
      Address.fromInt(at + Room.V + i).putByte((byte) cpu.v[i]);
    }
  }

  @Override
  protected void exit(Interpreter cpu) {
    running = null;
    frames.writeBack();
    for (int i = 1; i < 32; i++) {
      cpu.x[i] = Address.fromInt(at + 8 * i).getLong();
    }
    for (int i = 0; i < 32; i++) {
      cpu.v[i] = Address.fromInt(at + Room.V + i).getByte();
    }
  }

  /** Called by translated code: where a page lies; 0 when the access is one for the interpreter. */
  int page(long address, int shift, boolean write) {
    return frames.page(running.space, placed, address, shift, write);
  }

  /** Called by translated code. */
  static long compute(int op, int selector, long a, long b) {
    return Operations.compute(op, selector, a, b);
  }

  private static final class Instance extends HostCode {
    private final int at;
    private final int number;

    Instance(int at, int number) {
      this.at = at;
      this.number = number;
    }

    @Override
    public int run(Interpreter cpu, int budget, int block) {
      int left = call(number, budget, block);
      cpu.pc = Address.fromInt(at + Room.PC).getLong();
      return left;
    }
  }

  /** Makes an instance of the module and returns its number. */
  @Import(module = "translated", name = "instantiate")
  private static native int instantiate(int module, int length);

  @Import(module = "translated", name = "call")
  private static native int call(int number, int budget, int block);
}
