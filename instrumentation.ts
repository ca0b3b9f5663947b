/** Next calls this once per server process, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { limitServers } = await import('@/server/start/http-limits');
  limitServers();
  const { startRuntime } = await import('@/server/runtime');
  startRuntime();
}
