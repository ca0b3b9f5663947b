import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from './decode';

// What `kubectl create ingress web --rule='a.example/*=web:80,tls=cert'` sends.
const INGRESS =
  'azhzAAofChRuZXR3b3JraW5nLms4cy5pby92MRIHSW5ncmVzcxJfChcKA3dlYhIAGgRzaG9wIgAqADIAOABCABJAEhEKCWEuZXhhbXBsZRIEY2VydBorCglhLmV4YW1wbGUSHgocChoKAS8SDSILCgN3ZWISBAoAEFAaBlByZWZpeBoCCgAaACIA';
// What `kubectl create deployment d --image nginx --replicas 0` sends.
const DEPLOYMENT =
  'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EqcBCh8KAWQSABoEc2hvcCIAKgAyADgAQgBaCAoDYXBwEgFkEnYIABIKCggKA2FwcBIBZBpeChoKABIAGgAiACoAMgA4AEIAWggKA2FwcBIBZBJAEiIKBW5naW54EgVuZ2lueCoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA';

describe('decodeProtobuf', () => {
  it('reads an Ingress as its JSON would be', () => {
    expect(decodeProtobuf(Buffer.from(INGRESS, 'base64'))).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        tls: [{ hosts: ['a.example'], secretName: 'cert' }],
        rules: [
          {
            host: 'a.example',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
      status: { loadBalancer: {} },
    });
  });

  it('keeps a zero that was set, and drops what was not', () => {
    const { spec, metadata } = decodeProtobuf(Buffer.from(DEPLOYMENT, 'base64'));
    expect(spec).toMatchObject({ replicas: 0, selector: { matchLabels: { app: 'd' } } });
    expect(metadata).toEqual({ name: 'd', namespace: 'shop', labels: { app: 'd' } });
  });

  it('refuses everything else with an error, not a crash', () => {
    const whole = Buffer.from(INGRESS, 'base64');
    for (let length = 0; length < whole.length; length += 3) {
      try {
        decodeProtobuf(whole.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
    expect(() => decodeProtobuf(Buffer.from('{}'))).toThrow('no Kubernetes protobuf');
  });
});
