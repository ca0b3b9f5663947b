import { options } from './scripts/boundaries/options.mjs';
import { forbidden } from './scripts/boundaries/rules.mjs';

// For editors and for drawing the graph; `npm run verify` goes through scripts/check-boundaries.mjs.
export default { forbidden, options };
