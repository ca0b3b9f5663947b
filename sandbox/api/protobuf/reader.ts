// The wire format of protocol buffers.

export type WireField = { number: number; value: number | bigint | Buffer };

/** Thrown for bytes that are no protobuf message. */
export class WireError extends Error {}

function varint(bytes: Buffer, start: number): [bigint, number] {
  let value = 0n;
  for (let i = 0; i < 10; i += 1) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return [BigInt.asIntN(64, value), start + i + 1];
  }
  throw new WireError('a number does not end');
}

function slice(bytes: Buffer, start: number, length: number): Buffer {
  if (length < 0 || start + length > bytes.length) throw new WireError('a field does not end');
  return bytes.subarray(start, start + length);
}

/** The fields of a message, in the order they stand. */
export function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0;
  while (at < bytes.length) {
    const [tag, afterTag] = varint(bytes, at);
    const number = Number(tag >> 3n);
    switch (Number(tag & 7n)) {
      case 0: {
        const [value, end] = varint(bytes, afterTag);
        yield { number, value };
        at = end;
        break;
      }
      case 1:
        yield { number, value: slice(bytes, afterTag, 8).readDoubleLE() };
        at = afterTag + 8;
        break;
      case 2: {
        const [length, start] = varint(bytes, afterTag);
        yield { number, value: slice(bytes, start, Number(length)) };
        at = start + Number(length);
        break;
      }
      case 5:
        yield { number, value: slice(bytes, afterTag, 4).readFloatLE() };
        at = afterTag + 4;
        break;
      default:
        throw new WireError('an unknown wire type');
    }
  }
}
