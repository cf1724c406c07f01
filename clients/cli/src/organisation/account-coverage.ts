import * as z from 'zod/mini';
import { userCoverage } from '../../../../shared/contract/user-coverage.ts';
import { createClient, endpointOf } from '../../../typescript/src/index.ts';
import { type AccountCredentials, accountIn } from '../aws/credentials-of.ts';
import { exitCodes, Failure } from '../failure.ts';
import { httpFetch } from '../http-fetch.ts';
import type { ListedAccount } from './accounts-file.ts';

/** Who has MFA in one account. A newer API may say more. */
export const accountCoverage = z.object({
  reportGeneratedAt: z.iso.datetime(),
  items: z.array(z.object(userCoverage.shape)),
});

export type AccountCoverage = z.infer<typeof accountCoverage>;
export type CoveredUser = AccountCoverage['items'][number];

/** Asks an account's API for all of its users. Throws unless it answers for that account alone. */
export async function askAccount(
  { account, url, region }: ListedAccount,
  credentials: AccountCredentials,
  signal: AbortSignal,
): Promise<AccountCoverage> {
  const { accountId } = credentials;
  if (accountId !== undefined && accountId !== account) {
    throw wrongAccount(`The credentials belong to account ${accountId}, not ${account}. Nothing was sent.`);
  }
  const client = createClient({ ...endpointOf(url, region), credentials, fetch: httpFetch });
  const { data } = accountCoverage.safeParse(await client.listUsers({ mfa: 'any' }, { signal }));
  if (data === undefined) {
    throw new Failure(exitCodes.network, 'unexpected-answer', `${url} did not answer as the API does.`);
  }
  const stranger = data.items.find(({ userArn }) => accountIn(userArn) !== account);
  if (stranger === undefined) return data;
  throw wrongAccount(`${url} answered with users of another account than ${account}: ${stranger.userArn}.`);
}

const wrongAccount = (message: string): Failure => new Failure(exitCodes.refused, 'wrong-account', message);
