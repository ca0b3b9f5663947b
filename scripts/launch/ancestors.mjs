import { readFileSync } from 'node:fs';

const shells = /^(sh|dash|ash|bash|busybox)$/;

function proc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Not Linux, or the process is gone: the answer is as unknown as it changes nothing.
    return '';
  }
}

/** The parent's id, from a line whose second field, the name in parentheses, may hold anything. */
const parentOf = (pid) =>
  proc(pid, 'stat')
    .replace(/^.*\) \S+ /s, '')
    .split(' ')[0];

/**
 * Who started this process, as a text that changes when npm dies. npm starts scripts through a
 * shell, which may stay between the two and outlive npm.
 */
export function ancestors() {
  const parent = process.ppid;
  const throughShell = shells.test(proc(parent, 'comm').trim());
  return throughShell ? `${parent} ${parentOf(parent)}` : String(parent);
}
