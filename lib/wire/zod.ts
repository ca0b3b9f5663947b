/**
 * Zod as all schemas here use it: without code made at run time. Pages forbid that (Content-Security-Policy), and even
 * the attempt is reported as a violation. It has to be told before the first schema is made.
 */
import { config, z } from 'zod';

config({ jitless: true });

export { z };
