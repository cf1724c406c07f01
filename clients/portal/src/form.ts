import { button, type Child, h } from './dom.ts';
import type { Checked } from './field.ts';
import { textOf } from './language.ts';
import { explain, isGivenUp, needsNewSignIn } from './problems.ts';
import { say, type Words } from './words.ts';

export interface FormOptions {
  readonly content: readonly Child[];
  /** Checked in this order before the form is sent. */
  readonly fields: readonly Checked[];
  readonly submit: Words;
  readonly danger?: boolean;
  /** Shown next to the submit button. */
  readonly others?: readonly Child[];
  readonly cancel?: () => void;
  /** Does the work. Its errors are shown in the form. */
  readonly run: () => Promise<void>;
  /** Prepares for another attempt after a failure; can return its own message. */
  readonly failed?: (error: unknown) => Words | undefined;
  readonly signInAgain?: (why: Words) => void;
}

/** Milliseconds after which a wait is explained. */
const slow = 5000;

/** A form that submits once at a time and reports the outcome. */
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
    // The button is not disabled while busy, since that would lose the focus.
    if (send.ariaBusy === 'true') return;
    alert.replaceChildren();
    const [wrong] = fields.map((field) => field.check()).filter((input) => input !== undefined);
    if (wrong === undefined) return void work();
    wrong.closest('details')?.setAttribute('open', '');
    wrong.focus();
  };
  return h('form', { novalidate: true, submit: submitted }, alert, ...content, status, actions);
}

/** Shows that work is in progress, and after a while that it is slow. */
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
