import { createSession } from '../../shared/contract/operations/create-session.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { obtainSession } from '../../shared/sessions/obtain-session.ts';
import { sessionContext } from '../wiring/sessions.ts';

export const handler = endpoint(createSession, ({ body }, call) =>
  obtainSession(body.presignedUrl, sessionContext(call)),
);
