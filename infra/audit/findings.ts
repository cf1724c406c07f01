import { mkdtempSync, rmSync } from 'node:fs';
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

/** One rule that one resource of the template does not meet. */
export interface Finding {
  /** Such as `AwsSolutions-APIG3`. */
  readonly rule: string;
  /** What of the resource; empty when the rule does not say. */
  readonly detail: string;
  readonly logicalId: string;
  readonly info: string;
}

/** What the AwsSolutions and Serverless packs of cdk-nag find in a packaged template (a file). Needs no network. */
export function findingsIn(templateFile: string): readonly Finding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    const collector = new Collector();
    const app = new App({ outdir, analyticsReporting: false });
    const stack = new Stack(app, 'Audit');
    new CfnInclude(stack, 'Template', { templateFile });
    const options = { reports: false, additionalLoggers: [collector] };
    Aspects.of(stack).add(new AwsSolutionsChecks(options));
    Aspects.of(stack).add(new ServerlessChecks(options));
    app.synth();
    return collector.findings;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

class Collector implements INagLogger {
  readonly findings: Finding[] = [];

  onNonCompliance(data: NagLoggerNonComplianceData): void {
    this.#add(data, data.findingId);
  }

  /** A rule that cannot read the resource has not passed. */
  onError(data: NagLoggerErrorData): void {
    this.#add(data, 'cannot be judged');
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
      // The included template's own: cdk would make another of it.
      logicalId: resource.node.id,
      info: `${ruleOriginalName}: ${ruleInfo}`,
    });
  }
}
