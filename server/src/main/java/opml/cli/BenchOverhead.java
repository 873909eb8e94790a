package opml.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.chain.Account;
import opml.chain.Receipt;
import opml.chain.ReceiptsContract;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.dispute.LocalStage;
import opml.inference.Engine;
import opml.inference.Run;
import opml.inference.ShadowAudit;
import opml.inference.Watch;
import opml.request.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code opml bench overhead}: what a receipt costs beside its answer. */
@Command(
    name = "overhead",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Hashing, signing, anchoring and auditing as percent of the answer's time.",
      "Processor time on all threads; a batch has the receipts of a second."
    })
final class BenchOverhead implements Callable<Integer> {
  private static final int WARM_UP = 200;
  private static final int SHORT = 2;

  /** A receipt waits so long for others, as opml.receipt.patience on the development chain. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final double LIMIT = 1;

  @Option(names = "--model", defaultValue = "opml-tiny", description = "A name or a GGUF file.")
  private String model;

  @Option(
      names = "--tokens",
      converter = WholeNumber.FromOne.class,
      defaultValue = "128",
      description = "Most tokens of an answer.")
  private int tokens;

  @Option(
      names = "--answers",
      converter = WholeNumber.FromOne.class,
      defaultValue = "12",
      description = "Answers to measure.")
  private int answers;

  @Option(
      names = "--operators",
      converter = WholeNumber.FromZero.class,
      defaultValue = "1",
      description = "Audited of an answer, as opml.audit.operators.")
  private int operators;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private ThreadsOption threads;

  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final SplittableRandom random = new SplittableRandom();
  private long inference;
  private long anchored;
  private long hashing;
  private long signing;
  private long anchoring;
  private long auditing;
  private int audits;

  @Override
  public Integer call() throws IOException {
    try (ModelImage image = ModelOption.openText(ModelStore.standard(), model);
        Engine engine = new Engine(image, threads.count());
        LocalStage local = new LocalStage()) {
      ReceiptsContract contract =
          new ReceiptsContract(local.stage().chain(), local.stage().contracts().receipts());
      Account account = Account.ofSeed("bench".getBytes(StandardCharsets.UTF_8));
      Receipts receipts = new Receipts(image, account, local, contract);
      ShadowAudit audit = new ShadowAudit(image, engine);
      for (int i = 0; i < WARM_UP; i++) {
        answer(engine, -i, SHORT, audit, receipts);
        receipts.anchor();
      }
      forget();
      for (int i = 0; i < answers; i++) {
        answer(engine, i, tokens, audit, receipts);
        if (inference - anchored >= PATIENCE_NANOS) {
          receipts.anchor();
          anchored = inference;
        }
      }
      if (inference > anchored) {
        receipts.anchor();
      }
      print(image);
    }
    return 0;
  }

  private void forget() {
    inference = 0;
    anchored = 0;
    hashing = 0;
    signing = 0;
    anchoring = 0;
    auditing = 0;
    audits = 0;
  }

  private void answer(Engine engine, int number, int most, ShadowAudit audit, Receipts receipts) {
    byte[] input = Request.raw("Story number " + number + ": once upon a time", most).encode();
    long start = System.nanoTime();
    Watch watch = Watch.random(operators, random);
    try (Run run = engine.start(input, watch)) {
      run.finish(text -> {}, () -> false);
      Answered answered = new Answered(run.operators(), run.output());
      inference += System.nanoTime() - start;
      for (Watch.Glimpse glimpse : watch.of(run)) {
        long before = system.getProcessCpuTime();
        String wrong = audit.check(run, glimpse);
        long spent = system.getProcessCpuTime() - before;
        if (!wrong.isEmpty()) {
          throw new IllegalStateException("the engine and the VM differ: " + wrong);
        }
        auditing += spent;
        audits++;
      }
      receipts.sign(input, answered);
    }
  }

  /** Makes receipts as the server does, but keeps none. */
  private final class Receipts {
    private final byte[] modelId;
    private final Account account;
    private final LocalStage local;
    private final ReceiptsContract contract;
    private byte[] last;

    Receipts(ModelImage image, Account account, LocalStage local, ReceiptsContract contract) {
      modelId = image.modelId(new byte[20]);
      this.account = account;
      this.local = local;
      this.contract = contract;
    }

    void sign(byte[] input, Answered answered) {
      long start = System.nanoTime();
      Receipt says =
          new Receipt(
              modelId,
              Keccak.hash(input),
              Keccak.hash(answered.output()),
              answered.h(),
              System.nanoTime(), // no two alike
              account.address());
      last = says.id();
      byte[] digest = says.digest(31337, local.stage().contracts().receipts());
      long hashed = System.nanoTime();
      account.sign(digest);
      signing += System.nanoTime() - hashed;
      hashing += hashed - start;
    }

    void anchor() {
      long start = clock.getCurrentThreadCpuTime();
      local.stage().proposer().send("anchor " + System.nanoTime(), contract.anchor(last, 1));
      anchoring += clock.getCurrentThreadCpuTime() - start;
    }
  }

  private void print(ModelImage image) throws IOException {
    BenchRows rows = new BenchRows();
    String of = image.name() + ", answers of " + inference / answers / 1_000_000 + " ms, %: ";
    rows.atMost(of + "hashing", percent(hashing), LIMIT);
    rows.atMost(of + "signing", percent(signing), LIMIT);
    rows.atMost(of + "anchoring", percent(anchoring), LIMIT);
    String audited = "auditing (" + audits + " operators of " + answers + " answers)";
    rows.atMost(of + audited, percent(auditing), LIMIT);
    rows.atMost(of + "all", percent(hashing + signing + anchoring + auditing), LIMIT);
    rows.print(json);
  }

  private double percent(long nanos) {
    return 100.0 * nanos / (inference * threads.count());
  }
}
