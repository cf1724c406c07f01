import type { Account } from './account.ts';
import { type DevicesView, devicesView } from './devices.ts';
import { changeLanguage } from './language.ts';
import { createShell, type Shell } from './shell.ts';
import { showSignIn } from './sign-in.ts';
import { language, say, type Words } from './words.ts';

/** Milliseconds away from the tab after which the list is reloaded. */
const staleAfter = 5000;

/** One visit to the page: the signed-in user, if any, and their view. */
class Visit {
  readonly #shell: Shell;
  #account: Account | undefined;
  #devices: DevicesView | undefined;
  #hiddenAt = Number.POSITIVE_INFINITY;

  constructor(root: HTMLElement) {
    this.#shell = createShell(root);
  }

  /** Shows the sign-in view, discarding everything about a previous user. */
  start(why?: Words): void {
    this.#forget();
    this.#shell.clear();
    showSignIn(this.#shell, (account) => this.#enter(account), why);
  }

  hidden(): void {
    this.#hiddenAt = Date.now();
  }

  /** Picks up changes made in another tab. */
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
if (root === null) throw new Error('The page has no #page element');
changeLanguage(language());
const visit = new Visit(root);
visit.start();
// A page in the back/forward cache must not hold a key either.
addEventListener('pagehide', () => visit.start());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') visit.hidden();
  else void visit.shown();
});
