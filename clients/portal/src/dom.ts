import { setWords, textOf } from './language.ts';
import type { Words } from './words.ts';

export type Child = Node | string | Words | undefined | false;
type Listener = (event: Event) => void;
export interface Attributes {
  readonly [name: string]: string | boolean | undefined | { readonly words: Words } | Listener;
}

/** Creates an element. Function attributes become event listeners; `Words` follow the page's language. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...nodesOf(children));
  return element;
}

function set(element: Element, name: string, value: Attributes[string]): void {
  if (typeof value === 'function') element.addEventListener(name, value);
  else if (typeof value === 'object') setWords(element, name, value.words);
  else if (typeof value === 'boolean') element.toggleAttribute(name, value);
  else if (value !== undefined) element.setAttribute(name, value);
}

export function nodesOf(children: readonly Child[]): readonly Node[] {
  return children.flatMap((child) => {
    if (child === undefined || child === false) return [];
    if (typeof child === 'string') return [document.createTextNode(child)];
    return [typeof child === 'function' ? textOf(child) : child];
  });
}

let ids = 0;

/** An id unique on the page. */
export function newId(): string {
  ids += 1;
  return `id-${ids}`;
}

/** A button that does not submit a form. */
export const button = (words: Words, click: Listener, attributes: Attributes = {}): HTMLButtonElement =>
  h('button', { type: 'button', click, ...attributes }, words);
