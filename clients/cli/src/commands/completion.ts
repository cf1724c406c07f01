import type { Command, Option } from 'commander';

type Shell = 'bash' | 'zsh' | 'fish';

/** A position on the command line, and the words that can follow it. */
interface Place {
  /** The subcommands so far, such as `/recovery/list`; empty at the top level. */
  readonly path: string;
  readonly words: readonly string[];
}

/** A shell script that completes commands, options and enumerated values. */
export function completionScript(program: Command, shell: Shell): string {
  if (shell === 'fish') return fish(program);
  const places = placesOf(program, '', globalFlags(program));
  return shell === 'bash' ? bash(places, program) : zsh(places, program);
}

const flagOf = ({ long, short }: Option): string => long ?? short ?? '';

const globalFlags = (program: Command): readonly string[] => [...program.options.map(flagOf), '--help'];

function placesOf(command: Command, path: string, shared: readonly string[]): Place[] {
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const own = path === '' ? [] : command.options.map(flagOf);
  const words = [...command.commands.map((inner) => inner.name()), ...choices, ...own, ...shared];
  const below = command.commands.flatMap((inner) => placesOf(inner, `${path}/${inner.name()}`, shared));
  return [{ path, words }, ...below];
}

const optionsOf = (command: Command): readonly Option[] => [
  ...command.options,
  ...command.commands.flatMap(optionsOf),
];

/** Flags with enumerated values. */
function flagsWithChoices(program: Command): ReadonlyMap<string, readonly string[]> {
  return new Map(
    optionsOf(program).flatMap((option) => (option.argChoices ? [[flagOf(option), option.argChoices]] : [])),
  );
}

/** Flags whose value is a file. */
const fileFlags = ['--png', '--svg', '--accounts', '--state'];

/** Flags whose value cannot be completed. */
const freeFlags = (program: Command): readonly string[] => [
  ...new Set(
    optionsOf(program)
      .filter(({ required, argChoices }) => required && argChoices === undefined)
      .map(flagOf)
      .filter((flag) => !fileFlags.includes(flag)),
  ),
];

/** Flags that consume the next word, which is then not a command. */
const flagsWithValues = (program: Command): string =>
  [
    ...new Set(
      optionsOf(program)
        .filter(({ required }) => required)
        .map(flagOf),
    ),
  ].join('|');

/** Finds the command being typed; valid in both bash and zsh. */
const findPlace = (places: readonly Place[], program: Command): string =>
  `    [[ $word == = ]] && skip=1 && continue
    if [[ $skip ]]; then skip=''; continue; fi
    case "$word" in ${flagsWithValues(program)}) skip=1; continue ;; esac
    case "$at/$word" in ${pathsOf(places)}) at="$at/$word" ;; esac`.trimStart();

const pathsOf = (places: readonly Place[]): string =>
  places
    .map(({ path }) => path)
    .filter(Boolean)
    .join('|');

function bash(places: readonly Place[], program: Command): string {
  const values = [...flagsWithChoices(program)].map(
    ([flag, words]) => `    ${flag}) words='${words.join(' ')}' ;;`,
  );
  const cases = places.map(({ path, words }) => `      '${path}') words='${words.join(' ')}' ;;`);
  return `_iam_mfa_files() {
  local file
  COMPREPLY=()
  compopt -o filenames 2>/dev/null # not in bash 3
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$1")
}
_iam_mfa() {
  local current=\${COMP_WORDS[COMP_CWORD]} at='' skip='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    ${findPlace(places, program)}
  done
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
    ${fileFlags.join('|')}) _iam_mfa_files "$current"; return ;;
    ${freeFlags(program).join('|')}) return ;;
    *) case "$at" in
${cases.join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _iam_mfa iam-mfa`;
}

function zsh(places: readonly Place[], program: Command): string {
  const values = [...flagsWithChoices(program)].map(
    ([flag, words]) => `    ${flag}) compadd -- ${words.join(' ')} ;;`,
  );
  const cases = places.map(({ path, words }) => `      '${path}') compadd -- ${words.join(' ')} ;;`);
  return `_iam_mfa() {
  local at='' skip='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    ${findPlace(places, program)}
  done
  case "\${words[CURRENT-1]}" in
${values.join('\n')}
    ${fileFlags.join('|')}) _files ;;
    ${freeFlags(program).join('|')}) ;;
    *) case "$at" in
${cases.join('\n')}
    esac ;;
  esac
}
compdef _iam_mfa iam-mfa`;
}

function fish(program: Command): string {
  const lines = ['complete -c iam-mfa -f', ...program.options.map((option) => fishOption(option, ''))];
  for (const command of program.commands) {
    lines.push(fishWord(command.name(), '__fish_use_subcommand', command.description()));
    const seen = `__fish_seen_subcommand_from ${command.name()}`;
    lines.push(...fishCommand(command, seen));
  }
  return lines.join('\n');
}

function fishCommand(command: Command, seen: string): string[] {
  const inner = command.commands;
  const names = inner.map((below) => below.name()).join(' ');
  return [
    ...command.options.map((option) => fishOption(option, seen)),
    ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
      argChoices.map((word) => fishWord(word, seen, '')),
    ),
    ...inner.flatMap((below) => [
      fishWord(below.name(), `${seen}; and not __fish_seen_subcommand_from ${names}`, below.description()),
      ...fishCommand(below, `${seen}; and __fish_seen_subcommand_from ${below.name()}`),
    ]),
  ];
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

const fishWord = (word: string, when: string, description: string): string =>
  `complete -c iam-mfa -n ${quoted(when)} -a ${quoted(word)}${description && ` -d ${quoted(description)}`}`;

function fishOption({ long = '', short, required, argChoices, description }: Option, when: string): string {
  const values = argChoices
    ? ` -x -a ${quoted(argChoices.join(' '))}`
    : fileFlags.includes(long)
      ? ' -r -F'
      : ' -x';
  return (
    [
      'complete -c iam-mfa',
      ...(when ? [`-n ${quoted(when)}`] : []),
      `-l ${long.slice(2)}`,
      ...(short ? [`-s ${short.slice(1)}`] : []),
      `-d ${quoted(description)}`,
    ].join(' ') + (required ? values : '')
  );
}
