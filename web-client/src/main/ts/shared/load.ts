import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { type Page, Problem } from './api';
import { failure } from './elements';

const DOWN_MS = 5000; // until a server or chain that did not answer is asked again

/** Loads a value, shows waiting and failure, and loads again on demand or after a pause that may depend on the value. */
export class Load<T> implements ReactiveController {
  value: T | undefined;
  error: unknown;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  constructor(
    protected readonly host: ReactiveControllerHost,
    private readonly fetchValue: () => Promise<T>,
    private readonly pauseMs: (value: T | undefined) => number = () => Infinity,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    void this.refresh();
  }

  hostDisconnected(): void {
    clearTimeout(this.timer);
    this.turn++;
  }

  async refresh(): Promise<void> {
    const turn = ++this.turn;
    clearTimeout(this.timer);
    try {
      const value = await this.fetchValue();
      if (turn !== this.turn) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (turn !== this.turn) return;
      this.error = error;
    }
    this.host.requestUpdate();
    this.later(turn);
  }

  private later(turn: number): void {
    const down = this.error instanceof Problem && this.error.mayPass;
    const pause = Math.min(this.pauseMs(this.value), down ? DOWN_MS : Infinity);
    if (turn !== this.turn || pause === Infinity) return;
    this.timer = setTimeout(() => (document.hidden ? this.later(turn) : void this.refresh()), pause);
  }

  /** Whether the server knows nothing of that name. */
  get missing(): boolean {
    return this.value === undefined && this.error instanceof Problem && [400, 404].includes(this.error.status);
  }

  render(view: (value: T) => TemplateResult): TemplateResult {
    if (this.value !== undefined) return html`${this.error ? failure(this.error) : ''}${view(this.value)}`;
    return this.error ? failure(this.error) : html`<p class="quiet" aria-busy="true">Loading …</p>`;
  }
}

/** A list, newest first: its beginning is loaded again every few seconds, its rest on demand. */
export class Rows<T extends { id: string }> extends Load<T[]> {
  private turns = 0; // lists that were shown before
  private rest: string | null | undefined; // cursor behind the last row; undefined while nothing is loaded

  constructor(
    host: ReactiveControllerHost,
    private readonly page: (cursor?: string) => Promise<Page<T>>,
    everyMs: number | (() => number),
  ) {
    super(host, async () => this.beginning(), typeof everyMs === 'number' ? () => everyMs : everyMs);
  }

  /** Whether no row follows the last one. */
  get ended(): boolean {
    return this.rest === null;
  }

  /** The list is of other rows from now on. */
  again(): Promise<void> {
    this.turns++;
    this.value = this.rest = undefined;
    this.host.requestUpdate();
    return this.refresh();
  }

  /** What was between the rows of the beginning and is no more does not belong to the list any longer. */
  private async beginning(): Promise<T[]> {
    const { turns } = this;
    const { items, next } = await this.page();
    if (turns !== this.turns) return []; // nobody waits for it
    if (this.rest === undefined) this.rest = next;
    const known = this.value ?? [];
    const last = known.findIndex((x) => x.id === items.at(-1)?.id);
    return [...items, ...without(next === null ? [] : known.slice(last + 1), items)];
  }

  private async older(): Promise<void> {
    const { turns } = this;
    try {
      const { items, next } = await this.page(this.rest!);
      if (turns !== this.turns) return;
      this.rest = next;
      const known = this.value ?? [];
      this.value = [...known, ...without(items, known)];
      this.error = undefined;
    } catch (error) {
      if (turns === this.turns) this.error = error;
    }
    this.host.requestUpdate();
  }

  list(row: (value: T) => TemplateResult, none: TemplateResult): TemplateResult {
    return this.render((rows) =>
      html`${rows.length === 0 ? none : html`<ul class="rows">${rows.map(row)}</ul>`}
        ${this.rest ? html`<p><button type="button" @click=${() => this.older()}>Show older</button></p>` : ''}`,
    );
  }
}

function without<T extends { id: string }>(rows: T[] | undefined, others: T[]): T[] {
  const ids = new Set(others.map((x) => x.id));
  return (rows ?? []).filter((x) => !ids.has(x.id));
}
