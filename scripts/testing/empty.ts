// Stands in for `server-only`, which throws outside Next's server bundles, when Vitest runs server code.
export {};
