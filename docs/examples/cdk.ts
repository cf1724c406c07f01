import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';

const app = new App();
const stack = new Stack(app, 'mfa-self-service-prod', { env: { region: 'eu-west-1' } });
const service = new CfnInclude(stack, 'Service', {
  templateFile: 'template.json',
  // What is not here has its default.
  parameters: {
    Stage: 'prod',
    CodeBucket: 'amzn-s3-demo-bucket',
    CodePrefix: '0.1.0/',
    RecoveryApprovals: '2',
  },
});

// Resources of the template can be referred to by their logical ids.
stack.exportValue(service.getResource('SelfServicePolicy').ref, { name: 'MfaSelfServicePolicy' });
