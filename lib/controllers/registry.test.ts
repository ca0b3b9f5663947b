import { describe, expect, test } from 'vitest';
import { answers, CONTROLLER_NOTES, CONTROLLER_TITLES } from './registry';
import { controller } from './testing';
import { CONTROLLER_TYPES } from './types';

describe('the table of controllers', () => {
  test('every type has a title and a note of two lines', () => {
    for (const type of CONTROLLER_TYPES) {
      expect(CONTROLLER_TITLES[type], type).not.toBe('');
      expect(CONTROLLER_NOTES[type]?.split('\n'), type).toHaveLength(2);
    }
    expect(CONTROLLER_NOTES['ingress-nginx']).toContain('March 2026');
  });

  test('answers as read in the sources (SEMANTICS 2.0)', () => {
    expect(answers('ingress-nginx')).toMatchObject({
      serviceMissing: 503,
      noEndpoints: 503,
      noRoute: 404,
      autoRedirect: 308,
      portByTargetPort: true,
    });
    expect(answers('f5-nginx')).toMatchObject({
      serviceMissing: 502,
      noEndpoints: 502,
      tlsFallback: 'handshake-fails',
      autoRedirect: 301,
    });
    expect(answers('haproxytech')).toMatchObject({ noEndpoints: 503, autoRedirect: 302 });
    expect(answers('traefik')).toMatchObject({ endpointsUse: 'serving', dropsRoute: true });
  });

  test('what the matrix does not know stays unknown', () => {
    expect(answers('kong')).toMatchObject({ serviceMissing: null, noRoute: null, tlsFallback: 'unknown' });
    expect(answers('contour').noEndpoints).toBeNull();
    expect(answers('gce').noEndpoints).toBeNull();
    expect(answers('unknown')).toMatchObject({ serviceMissing: null, noEndpoints: null, noRoute: null });
  });

  test("Traefik's answer for an empty Service hangs on a flag", () => {
    expect(answers('traefik').noEndpoints).toBeNull();
    expect(
      answers('traefik', controller('traefik:v3.7', ['--providers.kubernetesingress'])).noEndpoints,
    ).toBe(404);
    const chart = controller('traefik:v3.7', [
      '--providers.kubernetesingress',
      '--providers.kubernetesingress.allowEmptyServices=true',
    ]);
    expect(answers('traefik', chart).noEndpoints).toBe(503);
  });
});
