import { fileURLToPath } from 'node:url';
import { askChild } from './child.ts';
import { certificate, startDistantProxy } from './distant-proxy.ts';
import { interleave } from './measure.ts';
import type { ColdInput, ColdTold } from './processes/cold.ts';
import type { RunningStack } from './processes/stack.ts';
import { ratioRow } from './ratio.ts';
import type { Row } from './row.ts';

const roundTripMillis = 20;

export interface ColdOptions {
  /** Folder of the bundles. */
  readonly directory: string;
  readonly rounds: number;
}

/**
 * The first request of a new environment, from the load of its function to the answer, with AWS behind TLS and a round
 * trip of 20 ms: with connections opened while it is initialised, over without.
 */
export async function coldRow(
  { awsUrl, userId, environment }: RunningStack,
  { directory, rounds }: ColdOptions,
): Promise<Row> {
  const proxy = await startDistantProxy(awsUrl, roundTripMillis);
  const first = (type: string) => async () => {
    const env = {
      ...environment,
      AWS_ENDPOINT_URL: proxy.url,
      NODE_EXTRA_CA_CERTS: fileURLToPath(certificate),
      AWS_LAMBDA_INITIALIZATION_TYPE: type,
    };
    const input: ColdInput = { directory, userId };
    return (await askChild<ColdTold>('cold.ts', { input, env })).millis;
  };
  try {
    const { opened, unopened } = await interleave(
      { opened: first('on-demand'), unopened: first('') },
      rounds,
    );
    const note = 'list-mfa-devices by TLS, 20 ms away';
    return ratioRow('first request, connections opened at INIT / not', opened, unopened, { note });
  } finally {
    proxy.close();
  }
}
