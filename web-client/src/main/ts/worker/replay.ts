import type { Model } from '../shared/api';
import { bytesToHex, hexToBytes } from './bytes';
import { placed } from './content';
import { VerifierModule } from './module';
import { LINEAR_LIMIT, place, type Places, ROOM } from './places';
import type { Progress } from './verifier-client';

const STATE = 0;
const CODE = 1;
const INPUT = 2;
const WEIGHTS = 3;
const OUTPUT = 4;
const ZEROS = 7;
const ROOTS = 64; // where roots lie for a call; 0 says that there is none

declare const GUEST_ROOT: string; // root of the guest's code, put in by the build

/** The model's program over its own linear memory: content fetched and checked, then run operator by operator. */
export class ModelReplay {
  private roots: { code: Uint8Array; weights: Uint8Array } | undefined;

  private constructor(readonly module: VerifierModule, readonly model: Model, readonly places: Places) {}

  static async open(model: Model, inputBytes: number): Promise<ModelReplay> {
    const places = place(model, inputBytes);
    if (places.end >= LINEAR_LIMIT) throw new Error('the model needs more memory than a browser gives a page');
    return new ModelReplay(await VerifierModule.open(places.end), model, places);
  }

  /** Code and weights from this browser's store or the server, whichever; only their roots decide. Returns the model id. */
  async load(verifier: string, progress: Progress): Promise<string> {
    const { module, model, places } = this;
    const sizes = hexToBytes(model.sizes);
    const base = `/api/models/${encodeURIComponent(model.id)}`;
    const code = { url: `${base}/code`, root: model.codeRoot, length: Number(model.codeBytes), size: sizes[0]! };
    const weights = { url: `${base}/weights`, root: model.weightsRoot, length: Number(model.weightsBytes), size: sizes[2]! };
    const codeRoot = await placed(module, code, places.code, () => undefined);
    const weightsRoot = await placed(module, weights, places.weights, progress);
    this.roots = { code: hexToBytes(codeRoot), weights: hexToBytes(weightsRoot) };
    return module.modelId(hexToBytes(verifier + model.sizes.slice(2) + codeRoot.slice(2) + weightsRoot.slice(2)));
  }

  /** Whether the model's program is the one compiled into this page's module; any other runs in the virtual machine. */
  get native(): boolean {
    return bytesToHex(this.roots!.code) === `0x${GUEST_ROOT}`;
  }

  /** Places everything for a run; `machine`: all of it in the virtual machine, whatever the program. */
  begin(input: Uint8Array, machine = false): void {
    const { module, places } = this;
    const { bytes, exports } = module;
    const sizes = hexToBytes(this.model.sizes);
    bytes.fill(0, places.input, places.state);
    bytes.set(input, places.input);
    bytes.fill(0, places.state, places.end);
    bytes.set(sizes, 0);
    module.check(exports.replayBegin(0, this.native && !machine ? 1 : 0));
    bytes.set(this.roots!.code, ROOTS);
    bytes.set(this.roots!.weights, ROOTS + 32);
    exports.replayPlace(CODE, places.code, Number(this.model.codeBytes), ROOTS);
    exports.replayPlace(WEIGHTS, places.weights, Number(this.model.weightsBytes), ROOTS + 32);
    exports.replayPlace(STATE, places.state, 32 * 2 ** sizes[3]!, 0);
    exports.replayPlace(INPUT, places.input, input.length, 0);
    exports.replayPlace(OUTPUT, places.output, 32 * 2 ** sizes[4]!, 0);
    exports.replayPlace(ZEROS, places.zeros, 64, 0);
    module.check(exports.replayTranslate(places.room, ROOM));
  }

  /** Runs at most so many operators; returns how many ran. */
  run(operators: number): number {
    return this.module.check(this.module.exports.replayRun(operators));
  }

  /** Runs at most so many single instructions in the virtual machine; returns how many ran. */
  steps(count: number): number {
    return this.module.check(this.module.exports.replaySteps(count));
  }

  /** Instructions that the virtual machine executed so far. */
  get instructions(): number {
    return this.module.exports.replayInstructions();
  }

  get ended(): boolean {
    return this.module.exports.replayEnded() === 1;
  }

  /** Whether the run has come to EXIT with these output bytes and nothing behind them: what a claim says (protocol section 3). */
  exits(output: Uint8Array): boolean {
    return output.length <= 32 * 2 ** this.outputSize && this.module.stateHash() === this.module.exit(output, this.outputSize);
  }

  /** The first bytes of OUTPUT, no more than it has. */
  output(length: number): Uint8Array {
    const held = Math.min(length, 32 * 2 ** this.outputSize);
    this.module.check(this.module.exports.replayOutput(held, this.places.output));
    return this.module.bytes.slice(this.places.output, this.places.output + held);
  }

  private get outputSize(): number {
    return hexToBytes(this.model.sizes)[4]!;
  }
}
