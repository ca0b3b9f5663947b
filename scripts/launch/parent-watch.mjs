// Preloaded into the launcher's children. Descriptor 3 is a pipe from the launcher: it closes when
// the launcher ends, however it ends (SIGKILL too), and then this process has no reason to live on.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

function end() {
  process.kill(process.pid, 'SIGTERM');
  // For those whose own shutdown hangs.
  setTimeout(() => process.exit(1), 5_000).unref();
}

// Worker threads inherit the preload, but not the duty.
if (isMainThread) {
  const pipe = new Socket({ fd: 3, readable: true, writable: false });
  pipe.on('error', () => pipe.destroy());
  pipe.once('close', end);
  pipe.resume();
  pipe.unref();
}
