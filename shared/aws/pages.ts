import { Problem } from '../contract/problem.ts';
import type { ActiveDevice } from '../mfa/ports.ts';

interface PageInput {
  readonly MaxItems: number;
  readonly Marker?: string;
}

/** Every page of a list. Most have one, for which the SDK's paginators would be a burden. */
export async function allPages<Page extends { Marker?: string | undefined }>(
  ask: (input: PageInput) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages = [await ask({ MaxItems: 1000 })];
  for (let Marker = pages[0]?.Marker; Marker; Marker = pages.at(-1)?.Marker) {
    pages.push(await ask({ MaxItems: 1000, Marker }));
  }
  return pages;
}

export const toActiveDevice = (device: {
  SerialNumber?: string | undefined;
  EnableDate?: Date | undefined;
}): ActiveDevice => ({
  serialNumber: present(device.SerialNumber),
  enabledAt: present(device.EnableDate),
});

/** AWS's answers mark as optional what they always carry. */
export function present<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Problem('upstream-failed', 'AWS left out what its answer should have said.');
  return value;
}
