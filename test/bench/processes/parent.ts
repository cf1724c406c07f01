/** What the parent handed over. */
export function inputFromParent<Input>(): Input {
  return JSON.parse(process.argv[2] ?? 'null');
}

export function tellParent(what: unknown): void {
  process.send?.(JSON.stringify(what));
}

// Without the line of a minified bundle that Node would show.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
process.on('disconnect', () => process.exit());
