/** The data that the parent passed. */
export function inputFromParent<Input>(): Input {
  return JSON.parse(process.argv[2] ?? 'null');
}

export function tellParent(what: unknown): void {
  process.send?.(JSON.stringify(what));
}

// Node would print the failing line of a minified bundle.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
process.on('disconnect', () => process.exit());
