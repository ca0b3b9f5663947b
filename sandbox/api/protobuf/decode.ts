// Kubernetes objects in protobuf: Go clients (and `kubectl create`) send built-in
// kinds so, and take JSON back.
import { isRecord, type JsonRecord } from '../json';
import { MESSAGES } from './messages.generated';
import { WireError, type WireField, wireFields } from './reader';
import { messageName } from './shape';

const MAGIC = Buffer.from('k8s\0');

type Value = WireField['value'];

function asBytes(value: Value): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new WireError('a field has the wrong type');
}

function asNumber(value: Value): number {
  if (Buffer.isBuffer(value)) throw new WireError('a field has the wrong type');
  return Number(value);
}

function fieldsOf(bytes: Buffer): Map<number, Value> {
  return new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]));
}

function time(bytes: Buffer, digits: 0 | 6): string | undefined {
  const fields = fieldsOf(bytes);
  if (fields.size === 0) return undefined;
  const seconds = asNumber(fields.get(1) ?? 0);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  if (digits === 0) return `${whole}Z`;
  const micros = Math.floor(asNumber(fields.get(2) ?? 0) / 1000);
  return `${whole}.${String(micros).padStart(6, '0')}Z`;
}

function intOrString(bytes: Buffer): string | number {
  const fields = fieldsOf(bytes);
  const isText = asNumber(fields.get(1) ?? 0) === 1;
  return isText ? asBytes(fields.get(3) ?? Buffer.alloc(0)).toString() : asNumber(fields.get(2) ?? 0);
}

function embeddedJson(bytes: Buffer): unknown {
  const raw = fieldsOf(bytes).get(1);
  return raw === undefined ? undefined : JSON.parse(asBytes(raw).toString());
}

const SPECIAL: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  Quantity: (bytes) => asBytes(fieldsOf(bytes).get(1) ?? Buffer.alloc(0)).toString(),
  IntOrString: intOrString,
  Time: (bytes) => time(bytes, 0),
  MicroTime: (bytes) => time(bytes, 6),
  FieldsV1: embeddedJson,
  RawExtension: embeddedJson,
  Duration: (bytes) => asNumber(fieldsOf(bytes).get(1) ?? 0),
};

function single(type: string, value: Value): unknown {
  switch (type) {
    case 'string':
      return asBytes(value).toString();
    case 'bytes':
      return asBytes(value).toString('base64');
    case 'bool':
      return asNumber(value) !== 0;
    case 'int':
    case 'double':
      return asNumber(value);
    default:
      if (type.startsWith('items:')) {
        return [...wireFields(asBytes(value))].map((item) => single(type.slice('items:'.length), item.value));
      }
      return SPECIAL[type] === undefined ? message(type, asBytes(value)) : SPECIAL[type](asBytes(value));
  }
}

/** What Go leaves out of JSON: an unset value that is no pointer. */
function isUnset(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function mapEntry(target: JsonRecord, type: string, bytes: Buffer): void {
  const fields = fieldsOf(bytes);
  const key = asBytes(fields.get(1) ?? Buffer.alloc(0)).toString();
  const entry = fields.get(2);
  const value = entry === undefined ? '' : single(type, entry);
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function put(result: JsonRecord, field: string, value: Value): void {
  const colon = field.indexOf(':');
  const [name, type] = [field.slice(0, colon), field.slice(colon + 1)];
  if (type.startsWith('[]')) {
    const list = Array.isArray(result[name]) ? result[name] : [];
    result[name] = [...list, single(type.slice(2), value)];
  } else if (type.startsWith('{}')) {
    const map = isRecord(result[name]) ? result[name] : {};
    mapEntry(map, type.slice(2), asBytes(value));
    result[name] = map;
  } else {
    const decoded = single(type.replace(/^\*/, ''), value);
    if (name === '') Object.assign(result, decoded);
    else if (decoded !== undefined && (type.startsWith('*') || !isUnset(decoded))) result[name] = decoded;
  }
}

function message(type: string, bytes: Buffer): JsonRecord {
  const fields = MESSAGES[type];
  if (fields === undefined) throw new WireError(`no protobuf message ${type}`);
  const result: JsonRecord = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = fields[number];
    if (field !== undefined) put(result, field, value);
  }
  return result;
}

/** Reads an object in Kubernetes' protobuf envelope; throws a WireError for what is none. */
export function decodeProtobuf(body: Buffer): JsonRecord {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw new WireError('the body is no Kubernetes protobuf');
  const envelope = fieldsOf(body.subarray(MAGIC.length));
  const identity = fieldsOf(asBytes(envelope.get(1) ?? Buffer.alloc(0)));
  const apiVersion = asBytes(identity.get(1) ?? Buffer.alloc(0)).toString();
  const kind = asBytes(identity.get(2) ?? Buffer.alloc(0)).toString();
  const raw = asBytes(envelope.get(2) ?? Buffer.alloc(0));
  return { apiVersion, kind, ...message(messageName(apiVersion, kind), raw) };
}
