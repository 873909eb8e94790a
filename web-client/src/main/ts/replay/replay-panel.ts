import { html, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { chosenChain } from '../chain/endpoint';
import { factList } from '../chain/fact-list';
import { api, type Chain, type Model } from '../shared/api';
import { announce, badge, failure, sentence, View } from '../shared/elements';
import { bytes, remaining } from '../shared/format';
import { Load } from '../shared/load';
import { navigate } from '../shared/router';
import type { Stage, Verdict } from '../worker/messages';
import { fits } from '../worker/places';
import { Kept } from '../worker/store';
import type { Progress } from '../worker/verifier-client';

const STAGES: Record<Stage, string> = {
  chain: 'Reading the chain',
  kept: 'Reading what this browser keeps of the model',
  fetch: 'Fetching the model',
  commitments: 'Checking that it is the right model',
  replay: 'Running the model here',
  compare: 'Comparing',
};
const ASK_ABOVE_BYTES = 20e6;
const SPOKEN = [25, 50, 75, 100];
const MISSING_MS = 10_000; // until a model that was not there is looked for again
const GUESS_AFTER = 0.03; // of the work, before a rest is foretold

/** A button that fetches a model and runs something on it in the worker, with progress, cancel and a verdict in words. */
export abstract class ReplayPanel extends View {
  private readonly found = new Load<Model | null>(this, () => this.find(), (m) => (m ? Infinity : MISSING_MS));
  @state() private kept = 0; // bytes of the weights that are in this browser
  @state() private stage: Stage | undefined;
  @state() private share = 0;
  private amount = ''; // of what is fetched
  @state() private verdict: Verdict | undefined;
  @state() private error: unknown;
  @state() private asks = false; // whether so much may be fetched
  @state() private note = '';
  private began = 0; // this stage
  private from = 0; // share that it began with
  private held = false; // the focus was in here, and the reader saw it, before the update
  private abort: AbortController | undefined;
  private spoken = 0;

  /** Words on the button, and what it does. */
  protected abstract readonly label: string;
  protected abstract readonly does: string;

  protected abstract modelId(): Promise<string>;

  protected abstract job(model: Model, chain: Chain, progress: Progress, signal: AbortSignal): Promise<Verdict>;

  /** What the reader may choose before the start. */
  protected options(): TemplateResult {
    return html``;
  }

  override disconnectedCallback(): void {
    this.abort?.abort();
    super.disconnectedCallback();
  }

  private async find(): Promise<Model | null> {
    const [id, page] = await Promise.all([this.modelId(), api.models()]);
    const model = page.items.find((m) => m.modelId === id);
    if (model) await this.look(model);
    return model ?? null;
  }

  private async look(m: Model): Promise<void> {
    this.kept = this.whole ? await (await Kept.open(m.weightsRoot, Number(m.weightsBytes))).size() : 0;
  }

  override render(): TemplateResult {
    const error = this.error ?? this.found.error;
    return html`<div class="verify">
      ${this.stage ? this.running(this.stage) : this.offer()}
      ${this.note ? html`<p class="quiet">${this.note}</p>` : ''}${this.verdict ? [result(this.verdict), this.verdict.holds ? '' : this.refuted()] : ''}${error ? failure(error) : ''}
    </div>`;
  }

  override willUpdate(): void {
    const { top, bottom } = this.getBoundingClientRect();
    this.held = this.contains(document.activeElement) && top < innerHeight && bottom > 0;
  }

  /** The button that had the focus is gone when work begins or ends: the one in its place gets it, and all of it comes into view. */
  override updated(changed: PropertyValues): void {
    const moved = changed.has('asks') || (changed.has('stage') && (this.stage === undefined) !== (changed.get('stage') === undefined));
    if (!moved || !this.held) return;
    if (document.activeElement === document.body) this.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
    this.scrollIntoView({ block: 'nearest' });
  }

  private running(stage: Stage): TemplateResult {
    const spent = (performance.now() - this.began) / 1000;
    const ran = this.share - this.from;
    const rest = ran > GUESS_AFTER && spent > 2 ? `, ${remaining((spent / ran) * (1 - this.share))}` : '';
    const done = stage === 'fetch' && this.amount ? this.amount : this.share > 0 ? `${Math.round(this.share * 100)} %` : '';
    return html`<p>${STAGES[stage]} … ${done}${rest}</p>
      <progress max="1" .value=${this.share} aria-label=${STAGES[stage]}></progress>
      <button type="button" @click=${() => this.abort?.abort()}>Cancel</button>`;
  }

  /** Whether all of the model has to come here first. */
  protected readonly whole: boolean = true;

  /** What to do about a model that no browser can run. */
  protected elsewhere(): TemplateResult | string {
    return 'the model is too large to run here';
  }

  /** What to do when the verdict is bad. */
  protected refuted(): TemplateResult | string {
    return '';
  }

  private offer(): TemplateResult {
    const m = this.found.value;
    const large = m != null && this.whole && !fits(m);
    const rest = m ? this.rest(m) : 0;
    const size = `${this.kept > 0 ? 'the remaining ' : ''}${bytes(rest)}`;
    const fetches = this.whole ? (rest > 0 ? `downloads ${size}` : 'the model is in this browser already') : 'fetches what the operator touches, with proofs';
    if (m && this.asks) {
      return html`<button type="button" class="primary" @click=${this.start}>Download ${size} and go on</button>
        <button type="button" @click=${() => (this.asks = false)}>Not now</button>
        <span class="quiet">Once; the model then stays in this browser until you <a href="/models" @click=${navigate}>forget it</a>.</span>`;
    }
    return html`<button type="button" class="primary" ?disabled=${!m || large} @click=${this.start}>${this.label}</button>
      <span class="quiet">${m ? (large ? this.elsewhere() : `${fetches}, ${this.does}`) : m === null ? 'this server does not have the model loaded at the moment' : ''}</span>
      ${m && !large ? this.options() : ''}`;
  }

  /** Bytes that are to be fetched: the code, which is small, comes with the last of the weights. */
  private rest(m: Model): number {
    const weights = Number(m.weightsBytes) - this.kept;
    return weights > 0 ? weights + Number(m.codeBytes) : 0;
  }

  private readonly start = async (): Promise<void> => {
    const model = this.found.value!;
    if (this.whole && !this.asks && this.rest(model) > ASK_ABOVE_BYTES) {
      this.asks = true;
      return;
    }
    this.asks = false;
    this.verdict = this.error = undefined;
    this.note = '';
    const abort = (this.abort = new AbortController());
    this.spoken = 0;
    this.stage = 'chain';
    this.share = 0;
    try {
      this.verdict = await this.job(model, await chosenChain(), this.progress, abort.signal);
      announce(this.verdict.words);
    } catch (error) {
      if (abort.signal.aborted) this.note = 'Cancelled: nothing is proved.';
      else this.error = error;
    } finally {
      this.stage = undefined;
      await this.look(model);
      if (this.note && this.kept > 0 && this.rest(model) > 0) this.note += ' What has come of the model stays here: the next time goes on from there.';
    }
  };

  private readonly progress: Progress = (stage, done, total) => {
    this.share = total > 0 ? Math.min(1, done / total) : 0;
    if (stage !== this.stage) [this.began, this.from] = [performance.now(), this.share];
    this.stage = stage;
    this.amount = this.whole && done > 0 ? `${bytes(done)} of ${bytes(total)}` : '';
    const mark = SPOKEN.filter((m) => m <= this.share * 100).pop() ?? 0;
    if (stage === 'replay' && mark > this.spoken) {
      this.spoken = mark;
      announce(`${mark} percent`);
    }
  };
}

function result(v: Verdict): TemplateResult {
  return html`<div class="verdict ${v.holds ? 'good' : 'bad'}">
    <p>${badge(v.holds ? 'good' : 'bad', sentence(v.words))}</p>
    ${factList(v.facts)}
  </div>`;
}
