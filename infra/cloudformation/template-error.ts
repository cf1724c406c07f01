/** CloudFormation would reject the template or its parameters. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Where in the template the mistake is, such as `Resources.Table`, if it is in one place. */
  readonly place: string | undefined;

  constructor(message: string, place?: string) {
    super(place === undefined ? message : `${place}: ${message}`);
    this.place = place;
  }
}

/** Runs a step. An error in it says in which place of the template it was thrown; the innermost place counts. */
export function inPlace<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof TemplateError) || error.place !== undefined) throw error;
    throw new TemplateError(error.message, place);
  }
}
