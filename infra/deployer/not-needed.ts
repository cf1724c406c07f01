/** Permissions that CloudFormation's schemas list for a type, and that our resources of that type never need. */
export interface NotNeeded {
  readonly types: readonly string[];
  /** Actions; `*` stands for anything. */
  readonly actions: readonly string[];
  readonly why: string;
}

const notNeeded = (types: string, actions: string, why: string): NotNeeded => ({
  types: types.split(' ').map((type) => `AWS::${type}`),
  actions: actions.split(' '),
  why,
});

export const permissionsNotNeeded: readonly NotNeeded[] = [
  notNeeded(
    'ApiGateway::RestApi ApiGateway::Method Events::Rule Logs::SubscriptionFilter S3::Bucket',
    'iam:PassRole',
    'none of them has a role',
  ),
  notNeeded('ApiGateway::RestApi', 's3:GetObject', 'the API is not imported from a bucket'),
  notNeeded(
    'DynamoDB::Table',
    'dynamodb:*Import* dynamodb:*TableReplica dynamodb:Scan dynamodb:Query dynamodb:*Item iam:CreateServiceLinkedRole',
    'the table is neither imported nor replicated',
  ),
  notNeeded('DynamoDB::Table', 'logs:* s3:*', 'only imports of tables need a log and a bucket'),
  notNeeded(
    'DynamoDB::Table',
    'kinesis:* dynamodb:EnableKinesis* dynamodb:DisableKinesis* dynamodb:UpdateKinesis*',
    'no stream takes the table’s changes',
  ),
  notNeeded('DynamoDB::Table', 'dynamodb:UpdateContributorInsights', 'contributor insights are off'),
  notNeeded(
    'DynamoDB::Table',
    'dynamodb:PutResourcePolicy dynamodb:DeleteResourcePolicy',
    'the table has no resource policy',
  ),
  notNeeded(
    'DynamoDB::Table Lambda::Function',
    'kms:CreateGrant kms:DescribeKey kms:ListAliases kms:RevokeGrant kms:Decrypt kms:Encrypt kms:GenerateDataKey',
    'only with keys of your own, as docs/deploy.md says',
  ),
  notNeeded(
    'IAM::ManagedPolicy IAM::Role',
    'iam:Attach*Policy iam:Detach*Policy',
    'the stack attaches no managed policies',
  ),
  notNeeded('IAM::Role', 'iam:UpdateRoleDescription', 'roles have no description'),
  notNeeded('Lambda::Function', 'ec2:* elasticfilesystem:* s3files:*', 'functions are in no VPC'),
  notNeeded(
    'Lambda::Function',
    'lambda:*CodeSigningConfig lambda:GetLayerVersion lambda:PassCapacityProvider lambda:PublishVersion',
    'functions have no code signing, layers, capacity provider or versions',
  ),
  notNeeded(
    'Lambda::Function',
    'lambda:PutFunctionRecursionConfig lambda:PutFunctionScalingConfig lambda:PutRuntimeManagementConfig',
    'the template leaves them at their defaults',
  ),
  notNeeded('Lambda::Function', 's3:GetObjectVersion', 'every deployment has keys of its own'),
  notNeeded(
    'Logs::LogGroup',
    'logs:*DataProtectionPolicy logs:*IndexPolicy logs:*ResourcePolicy logs:PutBearerTokenAuthentication',
    'log groups have none of these',
  ),
  notNeeded('Logs::LogGroup', 'logs:PutLogGroupDeletionProtection', 'log groups have no such protection'),
  notNeeded(
    'Logs::LogGroup',
    'logs:CreateLogDelivery s3:REST.PUT.OBJECT firehose:*',
    'nothing is delivered from log groups',
  ),
  notNeeded(
    'S3::Bucket',
    's3tables:* s3:*BucketMetadata* s3:*AnalyticsConfiguration s3:*InventoryConfiguration s3:*MetricsConfiguration',
    'the bucket has no reports',
  ),
  notNeeded(
    'S3::Bucket',
    's3:Put*Acl s3:Put*Abac s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock',
    'access to the bucket is left at its defaults',
  ),
  notNeeded(
    'S3::Bucket',
    's3:*Accelerate* s3:*CORS s3:*Cors s3:*IntelligentTiering* s3:*Lifecycle* s3:*Replication* s3:*Website',
    'the bucket has none of these',
  ),
  notNeeded(
    'S3::Bucket',
    's3:*ObjectLock* s3:PutBucketLogging s3:PutBucketNotification s3:PutBucketVersioning',
    'the bucket has none of these either',
  ),
  notNeeded('S3::Bucket', 's3:DeleteBucketEncryption s3:DeleteBucketTagging', 'it has both for ever'),
  notNeeded('S3::Bucket', 's3:DeleteObject', 'osls empties the bucket itself'),
  notNeeded('SecretsManager::Secret', 'secretsmanager:*Replicat*', 'secrets are not replicated'),
];
