import { eventBus } from '../../shared/aws/event-bus.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import { eventSettings } from '../../shared/config/events.ts';
import type { Tell } from '../../shared/events/ports.ts';
import type { PublishContext } from '../../shared/events/publish.ts';
import type { Run } from '../../shared/lambda/background.ts';

/** The function adds its own reporters. */
export function publishContext({ signal }: Run): Omit<PublishContext, 'onUnreadable'> {
  const { NOTIFIER_NAME, REPORTER_NAME } = eventSettings();
  const invoking = (name: string): Tell | undefined =>
    name === '' ? undefined : (event) => invokeLater(name, event, signal);
  return {
    bus: eventBus(signal),
    listeners: { 'notify-subject': invoking(NOTIFIER_NAME), 'report-outcome': invoking(REPORTER_NAME) },
    stage: deploymentSettings().STAGE,
    signal,
  };
}
