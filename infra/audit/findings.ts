import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import {
  AwsSolutionsChecks,
  type INagLogger,
  type NagLoggerBaseData,
  type NagLoggerErrorData,
  type NagLoggerNonComplianceData,
  ServerlessChecks,
} from 'cdk-nag';
import type { Template } from '../cloudformation/template.ts';

/** A rule that a resource of the template violates. */
export interface Finding {
  /** For example `AwsSolutions-APIG3`. */
  readonly rule: string;
  /** The part of the resource at fault; empty when the rule does not say. */
  readonly detail: string;
  readonly logicalId: string;
  readonly info: string;
}

/**
 * What cdk-nag's AwsSolutions and Serverless packs find in a template. Its parameters have to be decided, since the
 * rules do not look into `Fn::If`. Needs no network.
 */
export function findingsIn(template: Template): readonly Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    const templateFile = join(folder, 'template.json');
    writeFileSync(templateFile, JSON.stringify(template));
    const collector = new Collector();
    const app = new App({ outdir: join(folder, 'out'), analyticsReporting: false });
    const stack = new Stack(app, 'Audit');
    new CfnInclude(stack, 'Template', { templateFile });
    const options = { reports: false, additionalLoggers: [collector] };
    Aspects.of(stack).add(new AwsSolutionsChecks(options));
    Aspects.of(stack).add(new ServerlessChecks(options));
    app.synth();
    return collector.findings;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Collector implements INagLogger {
  readonly findings: Finding[] = [];

  onNonCompliance(data: NagLoggerNonComplianceData): void {
    this.#add(data, data.findingId);
  }

  /** A rule that could not evaluate the resource has not passed. */
  onError(data: NagLoggerErrorData): void {
    this.#add(data, 'could not be evaluated');
  }

  onCompliance(): void {}

  onSuppressed(): void {}

  onSuppressedError(): void {}

  onNotApplicable(): void {}

  #add({ ruleId, ruleInfo, resource, ruleOriginalName }: NagLoggerBaseData, findingId: string): void {
    const [, detail = findingId === ruleId ? '' : findingId] = /\[(.+)\]$/s.exec(findingId) ?? [];
    this.findings.push({
      rule: ruleId,
      detail,
      // The id in the included template: the CDK would derive another.
      logicalId: resource.node.id,
      info: `${ruleOriginalName}: ${ruleInfo}`,
    });
  }
}
