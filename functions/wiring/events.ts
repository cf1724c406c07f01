import { eventBus } from '../../shared/aws/event-bus.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import type { PublishContext } from '../../shared/events/publish.ts';
import type { Run } from '../../shared/lambda/background.ts';

/** The function adds its own reporters. */
export const publishContext = ({ signal }: Run): Omit<PublishContext, 'onUnreadable'> => ({
  bus: eventBus(signal),
  stage: deploymentSettings().STAGE,
  signal,
});
