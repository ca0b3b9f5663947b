import { describe, expect, test } from 'vitest';
import { hasFlag, readAll, readArguments, readBoolean, readText } from './arguments';
import { container, workload } from './testing';

function parse(args: readonly string[], env: Record<string, string> = {}, command: readonly string[] = []) {
  const one = container('x', args, { env, command });
  return readArguments(workload([one], { namespace: 'edge' }), one);
}

describe('command lines', () => {
  test('values follow after = or as the next word, with one dash or two', () => {
    const args = parse(['--a=1', '--b', '2', '-c=3', '-d', '4', '--e=x=y']);
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => readText(args, name))).toEqual(
      ['1', '2', '3', '4', 'x=y'].map((value) => ({ state: 'set', value })),
    );
    expect(readText(args, 'f')).toEqual({ state: 'absent' });
  });

  test('the last of several wins, and all can be read', () => {
    const args = parse(['--ns=a', '--ns=b']);
    expect(readText(args, 'ns')).toEqual({ state: 'set', value: 'b' });
    expect(readAll(args, 'ns')).toHaveLength(2);
  });

  test('names ignore case, as Traefik does', () => {
    expect(hasFlag(parse(['--providers.kubernetesIngress']), 'providers.kubernetesingress')).toBe(true);
  });

  test('a boolean without = is true whatever follows', () => {
    expect(readBoolean(parse(['--on', 'false']), 'on', false)).toBe(true);
    expect(readBoolean(parse(['--on=false']), 'on', true)).toBe(false);
    expect(readBoolean(parse([]), 'on', true)).toBe(true);
    expect(readBoolean(parse(['--on=$(X)']), 'on', true)).toBe('unknown');
  });

  test('$(VAR) is expanded from plain values and from the namespace', () => {
    const env = {
      POD_NAMESPACE: 'fieldRef:metadata.namespace',
      CLASS: 'internal',
      BOTH: '$(POD_NAMESPACE)/$(CLASS)',
    };
    expect(readText(parse(['--s=$(POD_NAMESPACE)/svc'], env), 's')).toEqual({
      state: 'set',
      value: 'edge/svc',
    });
    expect(readText(parse(['--s=$(BOTH)'], env), 's')).toEqual({ state: 'set', value: 'edge/internal' });
  });

  test('what comes from a Secret, a ConfigMap or the pod is unreadable', () => {
    const env = { POD_NAME: 'fieldRef:metadata.name' };
    expect(readText(parse(['--s=$(FROM_CONFIGMAP)']), 's')).toEqual({ state: 'unreadable' });
    expect(readText(parse(['--s', '$(POD_NAME)'], env), 's')).toEqual({ state: 'unreadable' });
  });

  test('$$ is an escaped dollar', () => {
    expect(readText(parse(['--s=$$(X)']), 's')).toEqual({ state: 'set', value: '$(X)' });
  });

  test('a variable that refers to itself ends', () => {
    expect(readText(parse(['--s=$(A)'], { A: '$(A)' }), 's')).toEqual({ state: 'unreadable' });
  });

  test('a shell script is read word by word', () => {
    const args = parse(['exec /nginx-ingress-controller --ingress-class="edge" --watch-namespace=$NS'], {}, [
      '/bin/sh',
      '-c',
    ]);
    expect(args.words).toContain('/nginx-ingress-controller');
    expect(readText(args, 'ingress-class')).toEqual({ state: 'set', value: 'edge' });
    expect(readText(args, 'watch-namespace')).toEqual({ state: 'unreadable' });
  });
});
