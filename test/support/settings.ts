/** What serverless.yml gives `parseSettings` with its defaults. */
export const defaultSettings = {
  stage: 'live',
  stepUpMaxAge: 900,
  allowedOrigins: '',
  throttlingRateLimit: 50,
  throttlingBurstLimit: 100,
  reservedConcurrency: '',
  logRetentionInDays: 90,
  logKmsKeyArn: '',
  tableKmsKeyArn: '',
  permissionsBoundaryArn: '',
  alarmTopicArn: '',
  cursorKeyGeneration: 1,
};
