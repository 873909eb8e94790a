package opml.guest;

import opml.guest.synth.TinyModel;
import opml.request.Answer;
import opml.request.Request;

/** One answer being computed operator by operator on plain kernels. */
final class Trial {
  final TinyModel model;
  final byte[] input;
  final ArrayMemory memory;
  int operators;
  boolean exited;

  Trial(TinyModel model, byte[] input) {
    this.model = model;
    this.input = input;
    this.memory =
        new ArrayMemory(
            input,
            model.weights(),
            Request.REGION,
            model.weightsSize(),
            model.layout().stateSize(),
            Answer.REGION);
  }

  Trial(TinyModel model, Request request) {
    this(model, request.encode());
  }

  /** One operator; false after EXIT. */
  boolean step() {
    if (!exited) {
      exited = Guest.step(memory) == 1;
      operators++;
    }
    return !exited;
  }

  int phase() {
    return memory.loadI32(Control.PHASE);
  }

  Trial untilPhase(int phase) {
    while (phase() != phase && step()) {
      // each operator once
    }
    return this;
  }

  Answer answer() {
    while (step()) {
      // each operator once
    }
    return Answer.decode(bytes(memory.words(4)));
  }

  static byte[] bytes(int[] words) {
    byte[] out = new byte[4 * words.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (words[i >> 2] >>> 8 * (i & 3));
    }
    return out;
  }
}
