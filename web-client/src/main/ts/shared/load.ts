import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { failure } from './elements';

/** Loads a value, shows waiting and failure, and loads again on demand or every few seconds. */
export class Load<T> implements ReactiveController {
  value: T | undefined;
  error: unknown;
  private timer: ReturnType<typeof setInterval> | undefined;
  private turn = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly fetchValue: () => Promise<T>,
    private readonly everyMs = 0,
    private readonly done: (value: T) => boolean = () => false,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    void this.refresh();
    if (this.everyMs > 0) {
      this.timer = setInterval(() => {
        if (!document.hidden && !(this.value !== undefined && this.done(this.value))) void this.refresh();
      }, this.everyMs);
    }
  }

  hostDisconnected(): void {
    clearInterval(this.timer);
    this.turn++;
  }

  async refresh(): Promise<void> {
    const turn = ++this.turn;
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
  }

  render(view: (value: T) => TemplateResult): TemplateResult {
    if (this.value !== undefined) return html`${this.error ? failure(this.error) : ''}${view(this.value)}`;
    return this.error ? failure(this.error) : html`<p class="quiet" aria-busy="true">Loading …</p>`;
  }
}
