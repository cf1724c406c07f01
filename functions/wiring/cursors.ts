import { cursorSettings } from '../../shared/config/cursors.ts';
import type { AnonymousCall } from '../../shared/http/endpoint.ts';
import { type Cursors, cursors } from '../../shared/lib/cursor.ts';

/** Cursors for the list that this reader gets from the operation. */
export const cursorsOf = ({ operation }: Pick<AnonymousCall, 'operation'>, reader: string): Cursors =>
  cursors(cursorSettings().CURSOR_KEY, `${operation.name} ${reader}`);
