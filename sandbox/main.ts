/* The sandbox cluster as a program. */
import { DEFAULT_SCENARIO, listScenarios } from './input';
import { LoadError } from './load/load-error';
import { type CommandLine, HELP, readCommandLine } from './options';
import { type Sandbox, startSandbox } from './start';

function say(line: string): void {
  process.stderr.write(`sandbox: ${line}\n`);
}

function announce(sandbox: Sandbox, asJson: boolean): void {
  const { kubeconfig, sandboxUrl, dns } = sandbox;
  const text = asJson
    ? JSON.stringify({ kubeconfig, sandboxUrl, dns, pid: process.pid })
    : [
        'The sandbox cluster is ready.',
        '',
        `  export KUBECONFIG=${kubeconfig}`,
        `  Break and mend things:  ${sandboxUrl}`,
        `  DNS servers:            ${dns.join('  ')}`,
        '',
        'Ctrl-C stops it.',
      ].join('\n');
  process.stdout.write(`${text}\n`);
}

/** One line a problem, in words for a person. */
function explain(error: unknown, port: number | undefined): string[] {
  if (error instanceof LoadError) return [...error.problems];
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return [`port ${port} is in use: choose another one with --port (0 takes any free one)`];
  if (code === 'EACCES')
    return [`port ${port} may not be used by this user: choose one above 1023 with --port`];
  return [`cannot start: ${message}`];
}

async function run(line: CommandLine): Promise<void> {
  let stopping = false;
  const started = startSandbox({ ...line.options, log: say });
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // The start may still be under way: what it has built is ended as soon as it stands.
    started
      .then((sandbox) => sandbox.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  if (line.withParent) {
    process.stdin.on('end', stop).on('close', stop).on('error', stop);
    process.stdin.resume();
  }
  const sandbox = await started;
  // Whoever reads the line may be gone already.
  process.stdout.on('error', stop);
  if (!stopping) announce(sandbox, line.json);
}

async function main(): Promise<void> {
  let port: number | undefined;
  try {
    const line = readCommandLine(process.argv.slice(2));
    port = line.options.port;
    if (line.help) process.stdout.write(HELP);
    else if (line.list)
      for (const { name, about } of listScenarios())
        process.stdout.write(
          `${name.padEnd(24)}${about}${name === DEFAULT_SCENARIO ? ' (the default)' : ''}\n`,
        );
    else await run(line);
  } catch (error) {
    for (const problem of explain(error, port)) say(problem);
    process.exit(1);
  }
}

await main();
