const key = 'arn:aws:kms:eu-west-1:123456789012:key/1b2c3d4e-0000-4000-8000-123456789abc';

/** Settings that use every option, so that every resource exists that there can be. */
export const everySetting = {
  allowedOrigins: ['https://portal.example.com', 'http://localhost:5173'],
  logKmsKeyArn: key,
  tableKmsKeyArn: key,
  permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
  reservedConcurrency: 5,
  alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
  cursorKeyGeneration: 2,
  operatorTopicArn: 'arn:aws:sns:eu-west-1:123456789012:operators',
  ticketing: {
    standard: { outcomeUrl: 'https://tickets.example.com/mfa' },
    jira: { outcomeUrl: 'https://tickets.example.com/mfa' },
    zendesk: { outcomeUrl: 'https://tickets.example.com/mfa' },
  },
  noticeSender: 'Help desk <mfa@example.com>',
} as const;
