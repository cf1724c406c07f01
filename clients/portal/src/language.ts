import type { Language } from './messages.ts';
import { setLanguage, type Words } from './words.ts';

/** The words behind each translated text node and attribute. */
const textWords = new WeakMap<Text, Words>();
const attributeWords = new WeakMap<Element, Map<string, Words>>();

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

/** Translates the page in place, keeping input and focus. */
export function changeLanguage(to: Language): void {
  setLanguage(to);
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
