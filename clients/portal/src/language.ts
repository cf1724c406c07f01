import { type Language, languages, type MessageKey, messages } from './messages.ts';

/** Text that is worded anew whenever the language changes. */
export type Words = () => string;

type Values = Readonly<Record<string, string | number | Words>>;

let current: Language = preferred(navigator.languages);

/** The words of each text and attribute that the page shows. */
const textWords = new WeakMap<Text, Words>();
const attributeWords = new WeakMap<Element, Map<string, Words>>();

function preferred(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => languages.find((language) => tag.toLowerCase().startsWith(language)));
  return known.find((language) => language !== undefined) ?? 'en';
}

export const language = (): Language => current;

/** A message with its values. */
export function say(key: MessageKey, values: Values = {}): Words {
  return () =>
    messages[key][current].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? '';
      return typeof value === 'function' ? value() : String(value);
    });
}

/** What is the same in every language, such as a name. */
export const plain =
  (text: string): Words =>
  () =>
    text;

export const joined =
  (...parts: readonly Words[]): Words =>
  () =>
    parts.map((part) => part()).join(' ');

export function textOf(words: Words): Text {
  const text = document.createTextNode(words());
  textWords.set(text, words);
  return text;
}

export function setWords(element: Element, attribute: string, words: Words): void {
  element.setAttribute(attribute, words());
  const known = attributeWords.get(element) ?? new Map<string, Words>();
  attributeWords.set(element, known.set(attribute, words));
}

/** Words the whole page anew, and leaves what is entered and where the focus is. */
export function changeLanguage(to: Language): void {
  current = to;
  document.documentElement.lang = to;
  const nodes = document.createTreeWalker(document, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node: Node | null = nodes.currentNode; node !== null; node = nodes.nextNode()) reword(node);
}

function reword(node: Node): void {
  if (node instanceof Text) {
    const words = textWords.get(node);
    if (words !== undefined) node.data = words();
  } else if (node instanceof Element) {
    for (const [attribute, words] of attributeWords.get(node) ?? []) node.setAttribute(attribute, words());
  }
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago or ahead a time is; in milliseconds. */
export const relative =
  (time: number, now: number): Words =>
  () => {
    const seconds = (time - now) / 1000;
    if (Math.abs(seconds) < 60) return say('time.now')();
    const [unit, length] = units.find(([, least]) => Math.abs(seconds) >= least) ?? ['minute', 60];
    const format = new Intl.RelativeTimeFormat(current, { numeric: 'auto' });
    return format.format(Math.round(seconds / length), unit);
  };

/** Date and time in full; in milliseconds. */
export const dateAndTime =
  (time: number): Words =>
  () =>
    new Intl.DateTimeFormat(current, { dateStyle: 'long', timeStyle: 'short' }).format(time);
