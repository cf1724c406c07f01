import { button, type Child, h } from './dom.ts';
import type { Checked } from './field.ts';
import { textOf } from './language.ts';
import { explain, isGivenUp, needsNewSignIn } from './problems.ts';
import { say, type Words } from './words.ts';

export interface FormOptions {
  readonly content: readonly Child[];
  /** Checked before it is sent, in the order of the form. */
  readonly fields: readonly Checked[];
  readonly submit: Words;
  readonly danger?: boolean;
  /** Beside the button that sends it. */
  readonly others?: readonly Child[];
  readonly cancel?: () => void;
  /** Does the work. What it throws is told in the form. */
  readonly run: () => Promise<void>;
  /** Told of a failure, to make ready for another attempt; may give words of its own. */
  readonly failed?: (error: unknown) => Words | undefined;
  readonly signInAgain?: (why: Words) => void;
}

/** Milliseconds after which a wait is explained. */
const slow = 5000;

/** A form that does one thing at a time, and says what became of it. */
export function form(options: FormOptions): HTMLFormElement {
  const { content, fields, submit, danger, others = [], cancel, run, failed, signInAgain } = options;
  const alert = h('div', { role: 'alert', class: 'alert' });
  const status = h('p', { role: 'status', class: 'waiting' });
  const send = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, submit);
  const actions = h(
    'div',
    { class: 'actions' },
    send,
    ...others,
    cancel && button(say('action.cancel'), cancel),
  );

  const tell = (error: unknown) => {
    if (isGivenUp(error)) return;
    const words = failed?.(error) ?? explain(error);
    alert.append(h('p', {}, words));
    if (signInAgain !== undefined && needsNewSignIn(error)) {
      alert.append(button(say('action.signInAgain'), () => signInAgain(words)));
    }
  };
  const work = async () => {
    const late = busy(send, status);
    try {
      await run();
    } catch (error) {
      tell(error);
    } finally {
      late.end();
    }
  };
  const submitted = (event: Event) => {
    event.preventDefault();
    // Not disabled while it works, since that would lose the focus.
    if (send.ariaBusy === 'true') return;
    alert.replaceChildren();
    const [wrong] = fields.map((field) => field.check()).filter((input) => input !== undefined);
    if (wrong === undefined) return void work();
    wrong.closest('details')?.setAttribute('open', '');
    wrong.focus();
  };
  return h('form', { novalidate: true, submit: submitted }, alert, ...content, status, actions);
}

/** Shows that work is under way, and after a while that it goes on. */
export function busy(control: HTMLElement, status: HTMLElement): { end(): void } {
  control.ariaBusy = 'true';
  control.ariaDisabled = 'true';
  status.replaceChildren(textOf(say('action.working')));
  const timer = setTimeout(() => status.replaceChildren(textOf(say('action.slow'))), slow);
  return {
    end: () => {
      clearTimeout(timer);
      status.replaceChildren();
      control.ariaBusy = null;
      control.ariaDisabled = null;
    },
  };
}
