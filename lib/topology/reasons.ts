/** Reasons of pods in few words: a card has room for no more. The inspector says them whole. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['CrashLoopBackOff', 'crash loop'],
  ['ImagePullBackOff', 'no image'],
  ['ErrImagePull', 'no image'],
  ['CreateContainerConfigError', 'bad config'],
  ['Unschedulable', 'no node fits'],
  ['OOMKilled', 'out of memory'],
  ['NotReady', 'not ready'],
]);

export function shortReason(reason: string): string {
  return SHORT.get(reason) ?? reason;
}
