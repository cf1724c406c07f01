import { h } from './dom.ts';
import { type Checked, type Field, field } from './field.ts';
import { textOf } from './language.ts';
import { say, type Words } from './words.ts';

/** Seconds; the time step of RFC 6238, as used by IAM's devices. */
const period = 30;

/** Milliseconds since the epoch, by the service's clock. */
export type Clock = () => number;

const secondsLeft = (clock: Clock): number => period - Math.floor((clock() / 1000) % period);
const periodOf = (clock: Clock): number => Math.floor(clock() / 1000 / period);

/** Calls `tick` now and every second for as long as the element is on the page. */
function eachSecond(element: HTMLElement, tick: () => void): void {
  let seen = false;
  tick();
  const timer = setInterval(() => {
    seen ||= element.isConnected;
    if (seen && !element.isConnected) clearInterval(timer);
    else tick();
  }, 1000);
}

/** Seconds left for the current code. Not a live region: it would be read out every second. */
function countdown(clock: Clock): HTMLElement {
  const bar = h('progress', { max: String(period), 'aria-hidden': 'true' });
  const text = h('span', { role: 'timer' });
  const element = h('p', { class: 'countdown' }, bar, text);
  eachSecond(element, () => {
    const seconds = secondsLeft(clock);
    bar.value = seconds;
    text.replaceChildren(textOf(say('codes.next', { seconds })));
  });
  return element;
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

const codeAttributes = {
  inputmode: 'numeric',
  autocomplete: 'one-time-code',
  class: 'code',
} as const;

const malformed = (value: string): Words | undefined =>
  /^\d{6}$/.test(digitsOf(value)) ? undefined : say('codes.malformed');

/** A field for one code. */
export function codeField(label: Words): Field {
  const code = field({ label, attributes: codeAttributes, check: malformed });
  return { ...code, value: () => digitsOf(code.input.value) };
}

export interface CodePair extends Checked {
  readonly element: HTMLElement;
  value(): { readonly code1: string; readonly code2: string };
  /** Empties both fields for another attempt. */
  clear(): void;
}

/** Fields for two consecutive codes, with a countdown. Both codes can be pasted into either field at once. */
export function codePair(clock: Clock): CodePair {
  const first = codeField(say('codes.first'));
  const second = codeField(say('codes.second'));
  const told = h('p', { role: 'status', class: 'hint' });
  const value = () => ({ code1: first.value(), code2: second.value() });
  let enteredIn: number | undefined;

  const tell = (words: Words) => told.replaceChildren(textOf(words));
  const entered = () => {
    if (second.value() !== '') told.replaceChildren();
    if (first.value().length !== 6) enteredIn = undefined;
    else if (enteredIn === undefined) {
      enteredIn = periodOf(clock);
      first.show(undefined);
      if (second.value() === '') {
        tell(say('codes.wait'));
        if (document.activeElement === first.input) second.input.focus();
      }
    }
  };
  const pasted = (event: Event) => {
    const digits =
      event instanceof ClipboardEvent ? digitsOf(event.clipboardData?.getData('text') ?? '') : '';
    if (digits.length === 12) {
      event.preventDefault();
      spread(digits);
    }
  };
  const spread = (digits: string) => {
    first.input.value = digits.slice(0, 6);
    second.input.value = digits.slice(6, 12);
    enteredIn = periodOf(clock);
    second.input.focus();
    told.replaceChildren();
  };
  for (const { input } of [first, second]) {
    input.addEventListener('paste', pasted);
    // A keyboard or password manager may also enter both codes.
    input.addEventListener('input', () =>
      digitsOf(input.value).length === 12 ? spread(digitsOf(input.value)) : entered(),
    );
  }

  const element = h(
    'div',
    { class: 'codes' },
    h('p', { class: 'hint' }, say('codes.hint')),
    h('div', { class: 'pair' }, first.element, second.element),
    countdown(clock),
    told,
  );
  eachSecond(element, () => {
    if (enteredIn === undefined || second.value() !== '' || periodOf(clock) === enteredIn) return;
    enteredIn = Number.POSITIVE_INFINITY;
    tell(say('codes.now'));
  });
  return {
    element,
    value,
    check: () => {
      const wrong = first.check() ?? second.check();
      if (wrong !== undefined || first.value() !== second.value()) return wrong;
      second.show(say('codes.same'));
      return second.input;
    },
    clear: () => {
      for (const { input } of [first, second]) input.value = '';
      enteredIn = undefined;
      told.replaceChildren();
      first.input.focus();
    },
  };
}
