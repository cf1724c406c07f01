import { type Attributes, h, newId } from './dom.ts';
import { textOf } from './language.ts';
import type { Words } from './words.ts';

export interface FieldOptions {
  readonly label: Words;
  readonly hint?: Words;
  readonly attributes?: Attributes;
  /** Returns what is wrong with the value, if anything. */
  readonly check?: (value: string) => Words | undefined;
}

/** A part of a form that can be validated. */
export interface Checked {
  /** Shows any error, and returns the input to focus or undefined if there is none. */
  check(): HTMLElement | undefined;
}

export interface Field extends Checked {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  value(): string;
  show(fault: Words | undefined): void;
}

/** A labelled input with a hint and room for an error message. */
export const field = (options: FieldOptions): Field =>
  around(
    h('input', { type: 'text', autocapitalize: 'none', spellcheck: 'false', ...options.attributes }),
    options,
  );

export const textArea = (options: FieldOptions): Field =>
  around(h('textarea', { rows: '5', spellcheck: 'false', ...options.attributes }), options);

function around(input: HTMLInputElement | HTMLTextAreaElement, { label, hint, check }: FieldOptions): Field {
  const [id, hintId, faultId] = [newId(), newId(), newId()];
  input.id = id;
  const fault = h('p', { class: 'fault', id: faultId });
  const describedBy = (...ids: readonly (string | false)[]) => ids.filter((one) => one !== false).join(' ');
  const show = (words: Words | undefined) => {
    fault.replaceChildren(...(words === undefined ? [] : [textOf(words)]));
    input.setAttribute('aria-invalid', String(words !== undefined));
    const described = describedBy(hint !== undefined && hintId, words !== undefined && faultId);
    if (described === '') input.removeAttribute('aria-describedby');
    else input.setAttribute('aria-describedby', described);
  };
  show(undefined);
  const value = () => input.value.trim();
  return {
    element: h(
      'div',
      { class: 'field' },
      h('label', { for: id }, label),
      hint && h('p', { class: 'hint', id: hintId }, hint),
      input,
      fault,
    ),
    input,
    value,
    show,
    check: () => {
      const words = check?.(value());
      show(words);
      return words === undefined ? undefined : input;
    },
  };
}
