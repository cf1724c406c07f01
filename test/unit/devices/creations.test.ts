import { describe, expect, it, vi } from 'vitest';
import { noLongerPending } from '../../../shared/devices/creations.ts';
import { fakeLease } from '../../support/fake-lease.ts';

const creation = (serialNumber: string, pending = true) => ({ serialNumber, at: 0, pending });

describe('a device that is enabled or deleted', () => {
  it('is pending no longer, and still counts as created', async () => {
    const lease = fakeLease({ creations: [creation('phone'), creation('tablet')] });

    await noLongerPending('phone', lease);

    expect(lease.creations).toEqual([creation('phone', false), creation('tablet')]);
  });

  it('costs no write if it is not noted as pending', async () => {
    const lease = fakeLease({ creations: [creation('phone', false), creation('tablet')] });
    const write = vi.spyOn(lease, 'write');

    await noLongerPending('phone', lease);

    expect(write).not.toHaveBeenCalled();
  });

  it('stays so if that cannot be noted', async () => {
    const lease = fakeLease({ creations: [creation('phone')] });
    vi.spyOn(lease, 'write').mockRejectedValue(new Error('no table'));

    await expect(noLongerPending('phone', lease)).resolves.toBeUndefined();

    expect(lease.creations).toEqual([creation('phone')]);
  });
});
