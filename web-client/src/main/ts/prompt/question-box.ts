import type { ReactiveController } from 'lit';
import type { View } from '../shared/elements';
import { ofTab } from '../shared/storage';

const DRAFT = 'opml.draft'; // of this tab

/** The field in which a question is typed: as high as its text, which outlives a look at another page. */
export class QuestionBox implements ReactiveController {
  constructor(private readonly host: View) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('resize', this.grow); // the text has other lines then
    window.addEventListener('keydown', this.typed);
  }

  hostDisconnected(): void {
    removeEventListener('resize', this.grow);
    window.removeEventListener('keydown', this.typed);
  }

  get field(): HTMLTextAreaElement {
    return this.host.querySelector<HTMLTextAreaElement>('#prompt')!;
  }

  get text(): string {
    return this.field.value;
  }

  write(text: string): void {
    this.field.value = text;
    this.grow();
  }

  /** What was typed before. */
  restore(): void {
    this.write(ofTab.getItem(DRAFT) ?? '');
  }

  focus(options?: FocusOptions): void {
    this.field.focus(options);
  }

  /** Who types while nothing has the focus types a question. */
  private readonly typed = (event: KeyboardEvent): void => {
    const nowhere = [document.body, document.getElementById('content')].includes(document.activeElement as HTMLElement);
    const shortcut = event.ctrlKey || event.metaKey || event.altKey;
    if (nowhere && event.key.length === 1 && event.key !== ' ' && !shortcut) this.focus();
  };

  readonly grow = (): void => {
    const { field } = this;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, innerHeight / 3)}px`;
    ofTab.setItem(DRAFT, field.value);
  };
}
