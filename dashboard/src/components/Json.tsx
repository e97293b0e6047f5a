/** A value as it reads best: indented, wrapped, scrolling in itself. */
export function Json({ value, label = 'JSON' }: { value: unknown; label?: string }) {
  return (
    <pre className="json" tabIndex={0} aria-label={label} role="region">
      {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
    </pre>
  );
}
