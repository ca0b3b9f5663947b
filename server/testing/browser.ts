/* As much of a browser as signing in needs: it keeps cookies and says where its requests come from. */

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let count = 0;

/** One of 250: each browser is somebody else's, as a proxy in front has it. */
function nextAddress(): string {
  count = (count % 250) + 1;
  return `203.0.113.${count}`;
}

export class Browser {
  readonly #origin: string;
  readonly address = nextAddress();
  readonly cookies = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** One request; redirects are not followed. */
  async ask(path: string, { method, headers = {}, form, body }: Ask = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const verb = method ?? (form ? 'POST' : 'GET');
    const response = await fetch(new URL(path, this.#origin), {
      method: verb,
      redirect: 'manual',
      headers: {
        'x-forwarded-for': this.address,
        ...(cookie === '' ? {} : { cookie }),
        ...(verb === 'GET' ? {} : { origin: this.#origin, 'sec-fetch-site': 'same-origin' }),
        ...headers,
      },
      ...(form ? { body: new URLSearchParams(form) } : {}),
      ...(body === undefined ? {} : { body }),
    });
    for (const header of response.headers.getSetCookie()) this.#keep(header);
    return response;
  }

  #keep(header: string): void {
    const [pair = ''] = header.split(';');
    const at = pair.indexOf('=');
    if (/Max-Age=0(;|$)/.test(header)) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
