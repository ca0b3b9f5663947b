/** `filter` of a list that mostly passes whole: then it is given back itself, and nothing is made. `test` must be pure. */
export function kept<T>(list: readonly T[], test: (item: T) => boolean): readonly T[] {
  return list.every(test) ? list : list.filter(test);
}
