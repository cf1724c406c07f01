import type { Account } from './account.ts';
import { type DevicesView, devicesView } from './devices.ts';
import { changeLanguage } from './language.ts';
import { createShell, type Shell } from './shell.ts';
import { showSignIn } from './sign-in.ts';
import { language, say, type Words } from './words.ts';

/** Milliseconds after which the list is loaded again when the user comes back to the tab. */
const staleAfter = 5000;

/** One visit: who is signed in, if anybody is, and what he sees. */
class Visit {
  readonly #shell: Shell;
  #account: Account | undefined;
  #devices: DevicesView | undefined;
  #hiddenAt = Number.POSITIVE_INFINITY;

  constructor(root: HTMLElement) {
    this.#shell = createShell(root);
  }

  /** Also after somebody was signed in, of whom nothing is left then. */
  start(why?: Words): void {
    this.#forget();
    this.#shell.clear();
    showSignIn(this.#shell, (account) => this.#enter(account), why);
  }

  hidden(): void {
    this.#hiddenAt = Date.now();
  }

  /** What another tab has changed is to be seen. */
  async shown(): Promise<void> {
    const away = Date.now() - this.#hiddenAt;
    this.#hiddenAt = Number.POSITIVE_INFINITY;
    if (away > staleAfter) await this.#devices?.renew();
  }

  async #enter(account: Account): Promise<void> {
    this.#account = account;
    this.#shell.clear(() => this.start(say('page.signedOut')));
    this.#devices = devicesView(this.#shell, account, (why) => this.start(why));
    await this.#devices.open();
  }

  #forget(): void {
    this.#account?.leave();
    this.#account = undefined;
    this.#devices = undefined;
  }
}

const root = document.querySelector<HTMLElement>('#page');
if (root === null) throw new Error('The page has no place for the application');
changeLanguage(language());
const visit = new Visit(root);
visit.start();
// A page that the browser keeps for the way back must hold no key either.
addEventListener('pagehide', () => visit.start());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') visit.hidden();
  else void visit.shown();
});
