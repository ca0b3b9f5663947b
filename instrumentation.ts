/** Next calls this once per server process, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  try {
    const { limitServers } = await import('@/server/start/http-limits');
    limitServers();
    const { startRuntime } = await import('@/server/runtime');
    startRuntime();
  } catch (error) {
    // Next would go on listening, and answer 500 to everything: whoever runs it should hear of it at once.
    process.stderr.write(
      `ingress-atlas: the start failed: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  }
}
