/** What CloudFormation calls, with the deployer's credentials, and what these calls are about. */
export interface Calls {
  /** `*` stands for anything. */
  readonly actions: readonly string[];
  /** `any` for actions that know no resources. */
  readonly on: 'itself' | 'any' | 'its code' | 'its collection' | 'its role' | 'its tags';
  /** How the logical ids begin of the only resources of this type that need it. */
  readonly only?: string;
}

const calls = (service: string, names: string, more: Partial<Calls> = {}): Calls => ({
  on: 'itself',
  ...more,
  actions: names.split(' ').map((name) => `${service}:${name}`),
});

/**
 * By type, what a resource with the properties that our template sets needs in its life: to be created, read, updated,
 * deleted, and given the tags of its stack. `npm run deployer:schemas` holds this against CloudFormation's own schemas.
 */
export const cloudFormationCalls: Readonly<Record<string, readonly Calls[]>> = {
  'AWS::ApiGateway::Deployment': [calls('apigateway', 'DELETE GET PATCH POST PUT')],
  'AWS::ApiGateway::GatewayResponse': [calls('apigateway', 'DELETE GET PUT')],
  'AWS::ApiGateway::Method': [calls('apigateway', 'DELETE GET PUT')],
  'AWS::ApiGateway::Resource': [calls('apigateway', 'DELETE GET PATCH POST')],
  'AWS::ApiGateway::RestApi': [
    calls('apigateway', 'POST UpdateRestApiPolicy', { on: 'its collection' }),
    calls('apigateway', 'DELETE GET PATCH PUT UpdateRestApiPolicy'),
    calls('apigateway', 'DELETE GET PUT', { on: 'its tags' }),
  ],
  'AWS::ApiGateway::Stage': [
    calls('apigateway', 'DELETE GET PATCH POST PUT'),
    calls('apigateway', 'DELETE GET PUT', { on: 'its tags' }),
    // Services that hand logs to CloudWatch Logs set that up with the rights of whoever asks them to.
    calls('logs', 'CreateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries UpdateLogDelivery', {
      on: 'any',
    }),
    calls('logs', 'DescribeResourcePolicies PutResourcePolicy', { on: 'any' }),
  ],
  'AWS::CloudWatch::Alarm': [
    calls('cloudwatch', 'DeleteAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource'),
    calls('cloudwatch', 'DescribeAlarms', { on: 'any' }),
  ],
  'AWS::CloudWatch::Dashboard': [
    calls(
      'cloudwatch',
      'DeleteDashboards GetDashboard ListTagsForResource PutDashboard TagResource UntagResource',
    ),
  ],
  'AWS::DynamoDB::Table': [
    calls('dynamodb', 'CreateTable DeleteTable UpdateContinuousBackups UpdateTable UpdateTimeToLive'),
    calls('dynamodb', 'DescribeContinuousBackups DescribeContributorInsights DescribeTable'),
    calls('dynamodb', 'DescribeKinesisStreamingDestination DescribeTimeToLive GetResourcePolicy'),
    calls('dynamodb', 'ListTagsOfResource TagResource UntagResource'),
  ],
  'AWS::Events::Rule': [
    calls('events', 'DeleteRule DescribeRule ListTargetsByRule PutRule PutTargets RemoveTargets'),
    calls('events', 'ListTagsForResource TagResource UntagResource'),
  ],
  'AWS::IAM::ManagedPolicy': [
    calls('iam', 'CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion'),
    calls('iam', 'GetPolicy GetPolicyVersion ListEntitiesForPolicy ListPolicyVersions'),
  ],
  'AWS::IAM::Role': [
    calls('iam', 'CreateRole DeleteRole GetRole UpdateAssumeRolePolicy UpdateRole'),
    calls('iam', 'DeleteRolePolicy GetRolePolicy ListAttachedRolePolicies ListRolePolicies PutRolePolicy'),
    calls('iam', 'DeleteRolePermissionsBoundary PutRolePermissionsBoundary'),
    calls('iam', 'ListRoleTags TagRole UntagRole'),
  ],
  'AWS::Lambda::EventInvokeConfig': [
    calls('lambda', 'DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig'),
    calls('lambda', 'PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig'),
  ],
  'AWS::Lambda::Function': [
    calls('lambda', 'CreateFunction DeleteFunction UpdateFunctionCode UpdateFunctionConfiguration'),
    calls('lambda', 'DeleteFunctionConcurrency PutFunctionConcurrency'),
    calls('lambda', 'GetFunction GetFunctionCodeSigningConfig GetFunctionRecursionConfig'),
    calls('lambda', 'GetFunctionScalingConfig GetRuntimeManagementConfig'),
    calls('lambda', 'ListTags TagResource UntagResource'),
    calls('iam', 'PassRole', { on: 'its role' }),
    calls('s3', 'GetObject', { on: 'its code' }),
  ],
  'AWS::Lambda::Permission': [calls('lambda', 'AddPermission GetPolicy RemovePermission')],
  'AWS::Logs::LogGroup': [
    calls('logs', 'CreateLogGroup DeleteLogGroup DeleteRetentionPolicy PutRetentionPolicy'),
    calls('logs', 'AssociateKmsKey DisassociateKmsKey GetDataProtectionPolicy'),
    calls('logs', 'ListTagsForResource TagResource UntagResource'),
    calls('logs', 'DescribeIndexPolicies DescribeLogGroups DescribeResourcePolicies', { on: 'any' }),
  ],
  'AWS::Logs::MetricFilter': [calls('logs', 'DeleteMetricFilter DescribeMetricFilters PutMetricFilter')],
  'AWS::Logs::SubscriptionFilter': [
    calls('logs', 'DeleteSubscriptionFilter DescribeSubscriptionFilters PutSubscriptionFilter'),
  ],
  'AWS::S3::Bucket': [
    calls('s3', 'CreateBucket DeleteBucket ListBucket PutEncryptionConfiguration'),
    calls('s3', 'ListTagsForResource PutBucketTagging TagResource UntagResource'),
    // It reads all that a bucket can have.
    calls('s3', 'Get*Configuration GetBucket*'),
  ],
  'AWS::S3::BucketPolicy': [calls('s3', 'DeleteBucketPolicy GetBucketPolicy PutBucketPolicy')],
  'AWS::SecretsManager::Secret': [
    calls('secretsmanager', 'CreateSecret DeleteSecret DescribeSecret UpdateSecret'),
    calls('secretsmanager', 'TagResource UntagResource'),
    calls('secretsmanager', 'GetRandomPassword', { on: 'any' }),
    // Its value goes into the functions' environment. Values of ticketing systems' secrets are kept from the deployer.
    calls('secretsmanager', 'GetSecretValue', { only: 'CursorSecret' }),
  ],
  'AWS::SQS::Queue': [
    calls('sqs', 'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl SetQueueAttributes'),
    calls('sqs', 'ListQueueTags TagQueue UntagQueue'),
  ],
  'AWS::SQS::QueuePolicy': [calls('sqs', 'SetQueueAttributes')],
};
