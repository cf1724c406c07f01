import { type CompiledTemplate, ofType } from './compiled-template.ts';

/** The logical id that osls made up for a function. */
export const functionIdOf = (template: CompiledTemplate, functionName: string): string =>
  idOf(template, 'AWS::Lambda::Function', 'FunctionName', functionName);

/** The logical id of a function's log group. */
export const logGroupIdOf = (template: CompiledTemplate, functionName: string): string =>
  idOf(template, 'AWS::Logs::LogGroup', 'LogGroupName', `/aws/lambda/${functionName}`);

function idOf(template: CompiledTemplate, type: string, property: string, value: string): string {
  const [id] = ofType(template, type).find(([, { Properties }]) => Properties[property] === value) ?? [];
  if (id === undefined) throw new Error(`The template has no ${type} named ${value}`);
  return id;
}
