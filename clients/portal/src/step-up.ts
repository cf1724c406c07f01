import {
  type CodeAnswer,
  type CodeCallback,
  type CodeRequest,
  type DeviceSummary,
  isProblem,
} from '../../typescript/src/index.ts';
import { codeField } from './codes.ts';
import { openDialog } from './dialog.ts';
import { button, h, newId } from './dom.ts';
import { busy } from './form.ts';
import { textOf } from './language.ts';
import { explain } from './problems.ts';
import { say, type Words } from './words.ts';

type Answer = CodeAnswer | undefined;
type NameOf = (device: DeviceSummary) => string;

/**
 * Asks for the code that a change needs. The dialog stays open until there is a session or the step-up has failed;
 * closing it before then gives up the change.
 */
export class StepUpPrompt {
  readonly #nameOf: NameOf;
  readonly #givenUp: () => void;
  #open: Prompt | undefined;

  constructor(nameOf: NameOf, givenUp: () => void) {
    this.#nameOf = nameOf;
    this.#givenUp = givenUp;
  }

  readonly ask: CodeCallback = (request) =>
    new Promise<Answer>((resolve) => {
      this.#open ??= prompt(request, this.#nameOf, () => {
        // `close` clears it first, so if it is still set, the user closed the dialog.
        if (this.#open !== undefined) this.#givenUp();
        this.#open = undefined;
      });
      this.#open.ask(request, resolve);
    });

  /** Called when there is a session, or when the call that needed one has ended. */
  close(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.dialog.close();
  }
}

interface Prompt {
  readonly dialog: HTMLDialogElement;
  ask(request: CodeRequest, resolve: (answer: Answer) => void): void;
}

function prompt({ devices }: CodeRequest, nameOf: NameOf, closed: () => void): Prompt {
  let answer: (answer: Answer) => void = () => undefined;
  let working: { end(): void } | undefined;
  const alert = h('div', { role: 'alert', class: 'alert' });
  const status = h('p', { role: 'status', class: 'waiting' });
  const [only, ...others] = devices;
  const single = only !== undefined && others.length === 0;
  const code = codeField(single ? say('stepUp.code', { name: nameOf(only) }) : say('stepUp.anyCode'));
  const id = newId();
  const select = h(
    'select',
    { id },
    ...devices.map((device) => h('option', { value: device.id }, nameOf(device))),
  );
  const send = h('button', { type: 'submit', class: 'primary' }, say('stepUp.confirm'));
  const submitted = (event: Event) => {
    event.preventDefault();
    if (working !== undefined) return;
    alert.replaceChildren();
    const wrong = code.check();
    if (wrong !== undefined) return wrong.focus();
    working = busy(send, status);
    answer({ code: code.value(), deviceId: select.value });
  };
  const content = h(
    'form',
    { novalidate: true, submit: submitted },
    h('p', {}, say('stepUp.intro')),
    alert,
    single ? undefined : h('div', { class: 'field' }, h('label', { for: id }, say('stepUp.device')), select),
    code.element,
    status,
    h(
      'div',
      { class: 'actions' },
      send,
      button(say('action.cancel'), () => dialog.close()),
    ),
  );
  const dialog = openDialog(say('stepUp.title'), [content], () => {
    working?.end();
    answer(undefined);
    closed();
  });
  code.input.focus();
  return {
    dialog,
    ask: ({ problem, attempt, signal }, resolve) => {
      answer = resolve;
      working?.end();
      working = undefined;
      signal.addEventListener('abort', () => dialog.close());
      if (problem === undefined && attempt === 1) return;
      alert.replaceChildren(h('p', {}, textOf(reasonOf(problem))));
      code.input.value = '';
      code.input.focus();
    },
  };
}

const reasonOf = (problem: CodeRequest['problem']): Words => {
  if (problem === undefined) return say('codes.malformed');
  return isProblem(problem, 'device-not-ready') ? say('stepUp.newDevice') : explain(problem);
};
