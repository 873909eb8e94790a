package opml.browser;

import opml.machine.Fragment;
import opml.machine.Lowering;

/** The module of one fragment: it imports memory, page and compute, and exports run. */
final class WasmModule {
  private static final int RUN = 2;

  private WasmModule() {}

  static byte[] of(Fragment fragment, int at) {
    WasmWriter module = new WasmWriter();
    module.octets(0, 'a', 's', 'm', 1, 0, 0, 0);
    section(module, 1, types());
    section(module, 2, imports());
    WasmWriter functions = new WasmWriter();
    functions.octets(1, 2);
    section(module, 3, functions);
    WasmWriter exports = new WasmWriter();
    exports.octets(1);
    exports.name("run");
    exports.octets(0, RUN);
    section(module, 7, exports);
    WasmWriter body = new WasmWriter();
    WasmCode code = new WasmCode(body, fragment, at);
    code.begin();
    Lowering.lower(fragment, code);
    code.finish();
    WasmWriter bodies = new WasmWriter();
    bodies.octets(1);
    bodies.part(body);
    section(module, 10, bodies);
    return module.bytes();
  }

  private static void section(WasmWriter module, int id, WasmWriter content) {
    module.octets(id);
    module.part(content);
  }

  /** page, compute, run. */
  private static WasmWriter types() {
    WasmWriter w = new WasmWriter();
    w.octets(3);
    w.octets(Wasm.FUNCTION, 3, Wasm.I64, Wasm.I32, Wasm.I32, 1, Wasm.I32);
    w.octets(Wasm.FUNCTION, 4, Wasm.I32, Wasm.I32, Wasm.I64, Wasm.I64, 1, Wasm.I64);
    w.octets(Wasm.FUNCTION, 2, Wasm.I32, Wasm.I32, 1, Wasm.I32);
    return w;
  }

  private static WasmWriter imports() {
    WasmWriter w = new WasmWriter();
    w.octets(3);
    name(w, "memory");
    w.octets(2, 0, 1);
    name(w, "page");
    w.octets(0, 0);
    name(w, "compute");
    w.octets(0, 1);
    return w;
  }

  private static void name(WasmWriter w, String field) {
    w.name("vm");
    w.name(field);
  }
}
