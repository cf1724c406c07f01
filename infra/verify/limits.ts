/** What no request from outside can show, and what to do about it. */
export const unseen: readonly string[] = [
  'a test-invoke from the API Gateway console, which bypasses the gate: the functions refuse its stage, and IAM decides ' +
    'who may make one (docs/security.md)',
  "the functions' own refusal of long-term keys, since the gateway refuses first",
  'answers of API Gateway to throttled requests, to those that a firewall blocks, and when a function fails: ' +
    'THROTTLED, QUOTA_EXCEEDED, WAF_FILTERED, INTEGRATION_FAILURE, INTEGRATION_TIMEOUT, DEFAULT_5XX',
  'RESOURCE_NOT_FOUND and UNAUTHORIZED, which this API has no cause to send',
  'callers of other accounts and the root user',
  'functions that no route reaches: expiry, execution of recoveries, events, mails, outcomes',
  'what takes an executed recovery, a device that is enabled, an enrolment pass or a signed webhook',
  'logs, traces, metrics, alarms',
];
