import type { Credentials } from '../../typescript/src/index.ts';
import { type Account, signIn } from './account.ts';
import { credentialsIn, isAccessKeyId, lacksToken } from './credentials.ts';
import { h } from './dom.ts';
import { field, textArea } from './field.ts';
import { form } from './form.ts';
import type { Shell } from './shell.ts';
import { say, type Words } from './words.ts';

/** The first view. `why` explains why the user is back here. */
export function showSignIn(shell: Shell, enter: (account: Account) => Promise<void>, why?: Words): void {
  const typed = typedKey();
  const pasted = pastedCredentials();
  const details = h('details', {}, h('summary', {}, say('signIn.paste')), pasted.element);
  const given = () => (details.open ? pasted : typed);
  const element = form({
    content: [...typed.elements, details],
    fields: [{ check: () => given().check() }],
    submit: say('signIn.title'),
    run: async () => {
      const account = await signIn(given().value());
      typed.clear();
      pasted.clear();
      // A user who has left the page must not find themselves signed in on return.
      if (element.isConnected) await enter(account);
      else account.leave();
    },
  });
  details.addEventListener('toggle', () => {
    for (const part of typed.elements) part.hidden = details.open;
  });
  shell.show(say('signIn.title'), h('p', { class: 'intro' }, say('signIn.intro')), element);
  if (why !== undefined) shell.announce(why);
}

/** Fields for an access key. Browsers are asked not to save it. */
function typedKey() {
  const id = field({
    label: say('signIn.accessKeyId'),
    attributes: { autocomplete: 'off', class: 'key' },
    check: (value) => {
      if (!isAccessKeyId(value)) return say('signIn.malformedKey');
      return value.startsWith('ASIA') ? say('signIn.needsToken') : undefined;
    },
  });
  const secret = field({
    label: say('signIn.secret'),
    attributes: { type: 'password', autocomplete: 'off', class: 'key' },
    check: (value) => (value === '' ? say('signIn.noSecret') : undefined),
  });
  return {
    elements: [id.element, secret.element],
    check: () => [id.check(), secret.check()].find((wrong) => wrong !== undefined),
    value: (): Credentials => ({ accessKeyId: id.value(), secretAccessKey: secret.value() }),
    clear: () => {
      for (const { input } of [id, secret]) input.value = '';
    },
  };
}

function pastedCredentials() {
  const text = textArea({
    label: say('signIn.pasteField'),
    hint: say('signIn.pasteHint'),
    attributes: { autocomplete: 'off', class: 'key' },
    check: (value) => {
      const credentials = credentialsIn(value);
      if (credentials === undefined) return say('signIn.malformedPaste');
      return lacksToken(credentials) ? say('signIn.needsToken') : undefined;
    },
  });
  return {
    element: text.element,
    check: text.check,
    value: (): Credentials => credentialsIn(text.value()) ?? { accessKeyId: '', secretAccessKey: '' },
    clear: () => {
      text.input.value = '';
    },
  };
}
