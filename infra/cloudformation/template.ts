/** A CloudFormation template in JSON. Source: template anatomy, CloudFormation user guide. */
export interface Template {
  readonly AWSTemplateFormatVersion: string;
  readonly Description: string;
  readonly Parameters: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, TemplateOutput>>;
}

/** Every parameter is a `String` or a `Number`; its value is text in both cases. */
export interface TemplateParameter {
  readonly Type: 'String' | 'Number';
  readonly Description: string;
  /** Without one, whoever deploys must give a value. */
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly MinLength?: number;
  readonly MaxLength?: number;
}

export interface TemplateResource {
  readonly Type: string;
  /** The name of a condition: the resource exists only if it is true. */
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface TemplateOutput {
  readonly Description?: string;
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** A template whose conditions are decided and whose intrinsic functions are replaced by their values. */
export interface ResolvedTemplate {
  readonly parameters: Readonly<Record<string, string>>;
  /** By logical id; without those whose condition is false. */
  readonly resources: Readonly<Record<string, ResolvedResource>>;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ResolvedResource {
  readonly type: string;
  /** Logical ids; without those that do not exist. */
  readonly dependsOn: readonly string[];
  /** What `Ref` returns, which for most types is the physical id. */
  readonly ref: string;
  /** What `Fn::GetAtt` returns, by attribute. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Where a stack is created, and what CloudFormation calls it there. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly stackName: string;
  /** The id of the REST API; otherwise it is made up. */
  readonly apiId?: string;
}
