import { askChild } from './child.ts';
import { startMoto } from './moto.ts';
import type { RateInput, RateTold } from './processes/rate.ts';
import type { Row } from './row.ts';

const what = 'local AWS / moto server, ListMFADevices per second';

/** Calls per second to the local AWS against moto server, from the same light client. */
export async function localAwsRow(awsUrl: string, seconds: number): Promise<Row> {
  const moto = await startMoto();
  if (moto === undefined) {
    const detail = 'moto_server is not installed: pip install "moto[server]"';
    return { what, value: undefined, unit: '', reach: { atLeast: 10 }, detail };
  }
  try {
    const input: RateInput = { local: awsUrl, moto: moto.url, slices: seconds * 2 };
    const { local, moto: motos } = await askChild<RateTold>('rate.ts', { input });
    return {
      what,
      value: local / motos,
      unit: '',
      reach: { atLeast: 10 },
      detail: `${Math.round(local)} and ${Math.round(motos)}, 8 at a time`,
      figures: { localPerSecond: local, motoPerSecond: motos },
    };
  } finally {
    await moto.end();
  }
}
