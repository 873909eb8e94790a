import { html, type TemplateResult } from 'lit';

/**
 * Characters that say nothing and change how other text looks or what it hides: orders about direction, tags, controls, spaces without width,
 * fillers, variants of nothing. The tags of a flag, variants of Han characters, what joins emoji and letters, tab and line ends are left alone.
 */
const HIDDEN =
  /((?<!\u{1f3f4}[\u{e0020}-\u{e007f}]{0,6})[\u{e0000}-\u{e007f}]|(?<!\p{Script=Han})[\u{e0100}-\u{e01ef}]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u115f\u1160\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufeff\uffa0])/u;

/**
 * Text of others with such characters named where they stand. Each stays what it is, shut in an element of its own: it cannot turn the text
 * around it, and who copies the text copies it too.
 */
export function visible(text: string): TemplateResult {
  return html`${HIDDEN.test(text) ? text.split(HIDDEN).map((part, i) => (i % 2 === 0 ? part : named(part))) : text}`;
}

function named(character: string): TemplateResult {
  const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return html`<bdi class="hidden-character" data-code=${code} title="${code}, a character that cannot be seen">${character}</bdi>`;
}
