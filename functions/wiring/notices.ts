import { addressees } from '../../shared/aws/iam/addressees.ts';
import { mailer } from '../../shared/aws/mail.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import { noticeSettings } from '../../shared/config/notices.ts';
import type { Run } from '../../shared/lambda/background.ts';
import type { NoticeContext } from '../../shared/notices/notify.ts';

/** `stage` is the one whose events are accepted. */
export function noticeContext({ signal }: Run): NoticeContext & { readonly stage: string } {
  const { NOTICE_SENDER, NOTICE_CONTACT } = noticeSettings();
  return {
    stage: deploymentSettings().STAGE,
    addressees: addressees(signal),
    recoveries: recoveryStore({ signal }),
    mailer: NOTICE_SENDER === '' ? undefined : mailer(NOTICE_SENDER, signal),
    contact: NOTICE_CONTACT,
  };
}
