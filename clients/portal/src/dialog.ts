import { type Child, h, newId } from './dom.ts';
import type { Words } from './words.ts';

/** A modal dialog, removed from the page when it closes. The browser traps the focus in it and restores it. */
export function openDialog(title: Words, content: readonly Child[], closed?: () => void): HTMLDialogElement {
  const id = newId();
  const dialog = h('dialog', { 'aria-labelledby': id }, h('h2', { id }, title), ...content);
  dialog.addEventListener('close', () => {
    dialog.remove();
    // The previously focused element may be gone.
    if (document.activeElement === document.body) document.querySelector('h1')?.focus();
    closed?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Closes any open dialogs, for example when the user leaves. */
export function closeDialogs(): void {
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
}
