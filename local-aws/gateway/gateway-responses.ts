import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import type { GatewayResponseType } from '../../infra/template/gateway-responses.ts';
import type { Answer } from './answer.ts';

type Text = Readonly<Record<string, string>>;

/** API Gateway's own response of a type, as the template has it. */
export function gatewayResponse(
  { resources }: ResolvedTemplate,
  type: GatewayResponseType,
  requestId: string,
): Answer {
  const { properties } =
    Object.values(resources).find(({ properties }) => properties['ResponseType'] === type) ?? {};
  const parameters: Text = Object(properties?.['ResponseParameters']);
  const templates: Text = Object(properties?.['ResponseTemplates']);
  return {
    status: Number(properties?.['StatusCode']),
    headers: Object.entries(parameters).map(([name, value]) => [
      name.replace('gatewayresponse.header.', ''),
      value.slice(1, -1),
    ]),
    body: Buffer.from((templates['application/json'] ?? '').replace('$context.requestId', requestId)),
  };
}
