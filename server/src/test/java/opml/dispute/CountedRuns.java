package opml.dispute;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import opml.machine.RegionSizes;

/** A program that counts its runs which hold memory: from their use on until rest or close. */
final class CountedRuns implements Program {
  private final Program program;
  private final Set<Replay> held = Collections.newSetFromMap(new IdentityHashMap<>());
  private int most;

  CountedRuns(Program program) {
    this.program = program;
  }

  int held() {
    return held.size();
  }

  int most() {
    return most;
  }

  @Override
  public RegionSizes sizes() {
    return program.sizes();
  }

  @Override
  public byte[] codeRoot() {
    return program.codeRoot();
  }

  @Override
  public byte[] weightsRoot() {
    return program.weightsRoot();
  }

  @Override
  public Replay start(byte[] input) {
    return counted(program.start(input));
  }

  private Replay counted(Replay run) {
    held.add(run);
    most = Math.max(most, held.size());
    return (Replay)
        Proxy.newProxyInstance(
            Replay.class.getClassLoader(),
            new Class<?>[] {Replay.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("rest") || method.getName().equals("close")) {
                held.remove(run);
              } else {
                held.add(run);
              }
              try {
                Object given = method.invoke(run, arguments);
                return given instanceof Replay other ? counted(other) : given;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
