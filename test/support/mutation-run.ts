import type { Check } from '../../infra/verify/finding.ts';
import type { Target } from '../../infra/verify/targets.ts';
import { type GatewayChanges, withGateway } from './gateway-in-front.ts';
import type { TestStack } from './stack.ts';
import { failed, findingsOf, giveDevice, subjectOn } from './verify.ts';

export const origins = ['https://portal.example.com'];

/** The policies of the user as whom verification runs. */
type Own = 'everything' | 'self-service';

interface RunOptions {
  readonly own?: Own;
  /** A gateway in front of the stack, other than its own. */
  readonly behind?: GatewayChanges;
  /** Whether to use operations too; otherwise routes are enough. */
  readonly smoke?: boolean;
}

const everything = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

/** What the steps about devices rest on, and those about recoveries. */
const ofDevices =
  /^smoke: (list-mfa-devices: lists devices|create-mfa-device: creates a device$|nothing is left)/;
const ofRecoveries = /^smoke: (request-recovery: asks|object-to-recovery: the user objects)/;
const aboutRecoveries = /recover|enrolment-pass|audit/;

/** Odd spellings take most of a run's requests; what mutants change shows in the plain ones. */
const isOdd = ({ name }: Check): boolean => /spelled otherwise|method override/.test(name);

/** Runs of those checks that stand for a mutated part of the deployment, each as a user whom no function has seen. */
export class MutationRuns {
  readonly #stack: TestStack;
  #number = 0;

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  /** Whether a check that stands for the part fails. */
  async name(target: Target, { behind, smoke = false, ...options }: RunOptions = {}): Promise<boolean> {
    const isWanted = (check: Check) => {
      if (!check.name.startsWith('smoke: ')) return check.standsFor.includes(target) && !isOdd(check);
      const isFoundation =
        ofDevices.test(check.name) || (aboutRecoveries.test(target) && ofRecoveries.test(check.name));
      return smoke && (isFoundation || check.standsFor.includes(target));
    };
    const faults = await (behind === undefined
      ? this.#faults(isWanted, options)
      : withGateway(this.#stack, behind, (url) => this.#faults(isWanted, { ...options, url })));
    return faults.some(({ standsFor }) => standsFor.includes(target));
  }

  /** Everything that fails in a smoke run. */
  async smokeFaults(): Promise<readonly string[]> {
    const faults = await this.#faults(({ name }) => name.startsWith('smoke: '), {});
    return faults.map(({ check }) => check);
  }

  async #faults(
    isWanted: (check: Check) => boolean,
    { own = 'everything', url }: { own?: Own; url?: string },
  ) {
    const subject = subjectOn(this.#stack, this.#newUser(own), {
      origins,
      run: `-${this.#number}`,
      ...(url !== undefined && { url }),
    });
    return failed(await findingsOf(subject, isWanted));
  }

  /** With a device that STS knows. */
  #newUser(own: Own): string {
    const { account, clock } = this.#stack;
    const userName = `mutant${++this.#number}`;
    const user = account.users.create({ userName, path: '/', tags: [], now: clock.now() });
    const key = {
      accessKeyId: `AKIAMUTANT${String(this.#number).padStart(10, '0')}`,
      secretAccessKey: 'secret',
    };
    account.users.addAccessKey(user, clock.now(), key);
    if (own === 'everything') user.inlinePolicies = [{ name: 'own', document: JSON.stringify(everything) }];
    else user.attachedPolicies = account.users.get('bob').attachedPolicies;
    account.policiesChanged();
    giveDevice(this.#stack, userName);
    return userName;
  }
}
