import { seededAccessKeyId } from '../../../local-aws/aws/seed.ts';
import { interleave, median } from '../measure.ts';
import { rawCall } from '../raw-call.ts';
import { inputFromParent, tellParent } from './parent.ts';

export interface RateInput {
  /** Endpoints. */
  readonly local: string;
  readonly moto: string;
  /** Half-second samples per endpoint. */
  readonly slices: number;
}

/** Calls per second. */
export interface RateTold {
  readonly local: number;
  readonly moto: number;
}

const atATime = 8;
const sliceMillis = 500;

const { local, moto, slices } = inputFromParent<RateInput>();
const keys = { accessKeyId: seededAccessKeyId('admin'), secretAccessKey: 'local-admin-secret' };

const rateOf = (endpoint: string) => {
  const call = rawCall(endpoint, keys);
  return async () => {
    const startedAt = performance.now();
    let calls = 0;
    const client = async () => {
      for (; performance.now() - startedAt < sliceMillis; calls += 1) await call();
    };
    await Promise.all(Array.from({ length: atATime }, client));
    return (calls / (performance.now() - startedAt)) * 1000;
  };
};

const contestants = { local: rateOf(local), moto: rateOf(moto) };
await interleave(contestants, 1);
const rates = await interleave(contestants, slices);
tellParent({ local: median(rates.local), moto: median(rates.moto) } satisfies RateTold);
