package opml.translate;

/** The passes from fresh intermediate code to machine words and their worst case. */
final class Compiler {
  private Compiler() {}

  static void finish(Routine routine) {
    Simplifier.run(routine);
    Webs.split(routine);
    NaNs.resolve(routine);
    Liveness.sweep(routine);
    Hoisting.run(routine);
    Allocator.run(routine);
    Emitter.run(routine);
    WorstCase.run(routine);
  }
}
