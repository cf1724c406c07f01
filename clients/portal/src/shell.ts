import { closeDialogs } from './dialog.ts';
import { button, type Child, h, nodesOf } from './dom.ts';
import { changeLanguage, setWords, textOf } from './language.ts';
import { type Language, languageNames } from './messages.ts';
import { joined, language, plain, say, type Words } from './words.ts';

/** The frame around each view: the header and the status line. */
export interface Shell {
  /** Shows a view and moves the focus to its heading, so that it is read out. */
  show(title: Words, ...content: readonly Child[]): void;
  /** Returns a check for whether the current view is still shown. */
  view(): () => boolean;
  /** Announces a success, visibly and to screen readers. */
  announce(words: Words): void;
  /** Empties the page; with `signOut`, the header offers to sign out. */
  clear(signOut?: () => void): void;
}

export function createShell(root: HTMLElement): Shell {
  const main = h('main', { id: 'main' });
  const status = h('p', { role: 'status', class: 'news' });
  const account = h('div', { class: 'account' });
  const brand = h('span', { class: 'brand' }, say('page.title'));
  root.replaceChildren(
    h('header', {}, brand, h('div', { class: 'tools' }, languageButton(), account)),
    status,
    main,
  );
  setTitle(say('page.title'));
  let views = 0;
  return {
    view: () => {
      const now = views;
      return () => now === views;
    },
    show: (title, ...content) => {
      views += 1;
      const heading = h('h1', { tabindex: '-1' }, title);
      main.replaceChildren(heading, ...nodesOf(content));
      status.replaceChildren();
      setTitle(joined(title, plain('–'), say('page.title')));
      heading.focus();
    },
    announce: (words) => status.replaceChildren(textOf(words)),
    clear: (signOut) => {
      views += 1;
      closeDialogs();
      main.replaceChildren();
      status.replaceChildren();
      account.replaceChildren(...(signOut === undefined ? [] : [button(say('page.signOut'), signOut)]));
    },
  };
}

function setTitle(words: Words): void {
  document.querySelector('title')?.replaceChildren(textOf(words));
}

/** Labelled in the language it switches to. */
function languageButton(): HTMLElement {
  const other = (): Language => (language() === 'en' ? 'de' : 'en');
  const element = button(
    () => languageNames[other()],
    () => changeLanguage(other()),
    { class: 'quiet' },
  );
  setWords(element, 'lang', other);
  return element;
}
