/** Commands where there are several clusters. Pure. */
import { quote } from '@/lib/diagnosis/shell';

/**
 * A command for a context of the kubeconfig: copied while the shell stands on another cluster it must not change that one.
 * null: there is one cluster only, and whoever reads this is on it.
 */
export function inContext(command: string, context: string | null): string {
  if (context === null) return command;
  return command.replace(
    /(^|\n|[|&;(]\s*)kubectl(?=\s)/g,
    (_, before: string) => `${before}kubectl --context ${quote(context)}`,
  );
}
