import { pathToFileURL } from 'node:url';
import { deployment } from '../../../local-aws/deployment.ts';
import { lambdaContext } from '../../support/api-event.ts';
import { devicesEvent } from './devices-event.ts';
import { inputFromParent, tellParent } from './parent.ts';

export interface ColdInput {
  /** Folder of the bundles. */
  readonly directory: string;
  readonly userId: string;
}

export interface ColdTold {
  /** Milliseconds from the load of the function to its first answer. */
  readonly millis: number;
}

const { directory, userId } = inputFromParent<ColdInput>();
const startedAt = performance.now();
const { handler } = await import(pathToFileURL(`${directory}/list-mfa-devices/index.mjs`).href);
const { statusCode, body } = await handler(devicesEvent(userId, deployment), lambdaContext());
const millis = performance.now() - startedAt;
if (statusCode !== 200) throw new Error(`Answered ${statusCode}: ${body}`);
tellParent({ millis } satisfies ColdTold);
