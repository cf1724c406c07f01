import {
  type EndpointParameterInstructionsSupplier,
  getEndpointFromInstructions,
} from '@smithy/core/endpoints';
import { HttpRequest } from '@smithy/core/protocols';
import { lambdaSettings } from '../config/lambda.ts';

/** An SDK client, as far as its connections are concerned. */
interface ConnectableClient {
  readonly config: Parameters<typeof getEndpointFromInstructions>[2] & {
    readonly requestHandler: {
      handle(request: HttpRequest): Promise<{ response: { body?: { resume?(): unknown } } }>;
    };
  };
}

/**
 * Opens a client's first connections while Lambda initialises the function, beside whatever else is being done, so that
 * the first request finds them open: TCP and TLS take two round trips. Does nothing outside Lambda, nor where an
 * environment is started long before its first request, since they would be closed by then. Never throws.
 * @param command any of the client's, which says how its endpoint is found
 * @param count how many calls the function makes at the same time
 */
export function connectAtInit(
  clientOf: () => ConnectableClient,
  command: EndpointParameterInstructionsSupplier,
  count = 1,
): void {
  if (lambdaSettings().AWS_LAMBDA_INITIALIZATION_TYPE !== 'on-demand') return;
  const client = clientOf();
  for (let opened = 0; opened < count; opened += 1) connect(client, command).catch(() => undefined);
}

/** An unsigned GET of `/`, which AWS answers without doing anything; the connection is kept for the next request. */
async function connect(
  { config }: ConnectableClient,
  command: EndpointParameterInstructionsSupplier,
): Promise<void> {
  const { url } = await getEndpointFromInstructions({}, command, config);
  const { protocol, hostname, host, port } = url;
  const where = port === '' ? { protocol, hostname } : { protocol, hostname, port: Number(port) };
  const { response } = await config.requestHandler.handle(
    new HttpRequest({ ...where, method: 'GET', path: '/', headers: { host } }),
  );
  response.body?.resume?.();
}
