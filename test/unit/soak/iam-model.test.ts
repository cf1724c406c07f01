import { describe, expect, it } from 'vitest';
import type { TrailEvent } from '../../../local-aws/aws/trail.ts';
import { type Context, IamModel } from '../../soak/iam-model.ts';

const phone = 'arn:aws:iam::123456789012:mfa/self-service/bob/phone';
const tablet = 'arn:aws:iam::123456789012:mfa/self-service/bob/tablet';
const hold = {
  UserName: 'bob',
  PolicyArn: 'arn:aws:iam::123456789012:policy/mfa-self-service-local-EnrolmentHold',
};

function call(operation: string, parameters: Record<string, string>, actor?: string): TrailEvent {
  const role = 'arn:aws:sts::123456789012:assumed-role';
  return {
    ...{ time: 0, service: 'iam', operation, parameters, source: '127.0.0.1' },
    principalArn: actor === undefined ? 'arn:aws:iam::123456789012:user/admin' : `${role}/device/bob`,
    ...(actor !== undefined && { origin: `${role}/local-${actor}/mfa-self-service-local-${actor}` }),
  };
}

const device = (SerialNumber: string) => ({ UserName: 'bob', SerialNumber });

function modelWith({
  active = [] as readonly string[],
  isHeld = false,
  ...context
}: Partial<Context> & {
  readonly active?: readonly string[];
  readonly isHeld?: boolean;
} = {}): IamModel {
  const model = new IamModel({
    hasPass: () => false,
    sentPass: () => false,
    mayEnrol: () => false,
    ...context,
  });
  model.reset({
    users: [
      {
        userName: 'bob',
        userId: 'AIDABOB',
        attachedPolicies: isHeld ? [hold.PolicyArn] : [],
        inlinePolicies: [],
      },
    ],
    devices: active.map((serialNumber) => ({
      serialNumber,
      kind: 'virtual',
      tags: [],
      activeFor: 'AIDABOB',
    })),
    items: [],
  });
  return model;
}

const rulesOf = (model: IamModel, event: TrailEvent) => model.apply(event, 1).map(({ rule }) => rule);

describe('the model notices', () => {
  it.each([
    ['a second first device', { active: [phone] }, 'enable-first-mfa-device', 'never two first devices'],
    ['a further device without a first', {}, 'enable-mfa-device', 'a further device only beside another'],
    [
      'a device under the hold',
      { isHeld: true },
      'enable-first-mfa-device',
      'nothing is enabled under a guard without the pass',
    ],
  ])('%s', (_, state, actor, rule) => {
    expect(rulesOf(modelWith(state), call('EnableMFADevice', device(tablet), actor))).toEqual([rule]);
  });

  it('that the last device goes', () => {
    const model = modelWith({ active: [phone, tablet] });
    const remove = (serial: string) => call('DeactivateMFADevice', device(serial), 'delete-mfa-device');
    expect(rulesOf(model, remove(phone))).toEqual([]);
    expect(rulesOf(model, remove(tablet))).toEqual(['the last device stays']);
  });

  it.each([
    ['CreateVirtualMFADevice', { Path: '/self-service/bob/', VirtualMFADeviceName: 'new' }],
    ['DeleteVirtualMFADevice', { SerialNumber: phone }],
  ])('%s under the hold', (operation, parameters) => {
    const rule = 'nothing is created or deleted under a guard without the pass';
    const event = call(operation, parameters, 'create-first-mfa-device');
    expect(rulesOf(modelWith({ isHeld: true }), event)).toEqual([rule]);
    expect(rulesOf(modelWith({ isHeld: true, sentPass: () => true }), event)).toEqual([]);
  });

  it('who lifts the hold', () => {
    const lift = (actor: string) =>
      rulesOf(modelWith({ isHeld: true }), call('DetachUserPolicy', hold, actor));
    expect(lift('deactivate-mfa-device')).toEqual(['only the pass or the executor lifts the hold']);
    expect(lift('execute-recoveries')).toEqual([]);
  });

  it('users at IAM itself', () => {
    const event = {
      ...call('DeleteVirtualMFADevice', device(phone)),
      principalArn: 'arn:aws:iam::123456789012:user/bob',
    };
    expect(rulesOf(modelWith(), event)).toEqual(['users change nothing at IAM itself']);
  });

  it('enrolment at IAM itself under the hold', () => {
    const principalArn = 'arn:aws:iam::123456789012:user/bob';
    const event = { ...call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'intruder' }), principalArn };
    const mayEnrol = () => true;
    expect(rulesOf(modelWith({ mayEnrol }), event)).toEqual([]);
    expect(rulesOf(modelWith({ mayEnrol, isHeld: true }), event)).toEqual([
      'users change nothing at IAM itself',
    ]);
  });
});

describe('the model lets pass', () => {
  it('a first device, with the pass under the hold', () => {
    const model = modelWith({ isHeld: true, hasPass: (serial) => serial === phone });
    expect(rulesOf(model, call('EnableMFADevice', device(phone), 'enable-first-mfa-device'))).toEqual([]);
  });

  it('what a recovery takes, and what failed', () => {
    const model = modelWith({ active: [phone] });
    const take = call('DeactivateMFADevice', device(phone), 'execute-recoveries');
    const failed = {
      ...call('DeactivateMFADevice', device(phone), 'delete-mfa-device'),
      errorCode: 'Throttling',
    };
    expect(rulesOf(model, failed)).toEqual([]);
    expect(rulesOf(model, take)).toEqual([]);
    expect(model.activeOf('bob')).toEqual([]);
  });
});

describe('what an answer said is compared with', () => {
  it('the time while its request was under way', () => {
    const model = modelWith({ active: [phone] });
    model.apply(call('DeactivateMFADevice', device(phone), 'execute-recoveries'), 100);
    const wasActive = (from: number, to: number) => model.wasEver(phone, 'active', true, from, to);
    expect(wasActive(50, 60)).toBe(true);
    expect(wasActive(90, 110)).toBe(true);
    expect(wasActive(110, 120)).toBe(false);
    expect(model.wasEver(phone, 'active', false, 50, 60)).toBe(false);
  });
});
