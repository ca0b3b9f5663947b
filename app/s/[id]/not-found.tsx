import { KeptState } from '@/components/frozen/kept-state';

export default function NotFound() {
  return (
    <KeptState title="This moment is not kept (any more)">
      <p>
        Its time may be over, its author may have revoked it, or the link was cut short on its way. Links end
        in 22 letters, digits, hyphens and underscores.
      </p>
      <p>Whoever sent it can freeze a new one: press s on the live map.</p>
    </KeptState>
  );
}
